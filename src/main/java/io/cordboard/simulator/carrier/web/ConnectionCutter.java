package io.cordboard.simulator.carrier.web;

import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;

/** Cuts the connection under a request that asks for it by {@link #CUT}, so that its client gets not a single byte. */
final class ConnectionCutter extends ValveBase {

    /** Request attribute; any value. */
    static final String CUT = ConnectionCutter.class.getName();

    ConnectionCutter() {
        super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        getNext().invoke(request, response);
        if (request.getAttribute(CUT) != null) {
            response.getCoyoteResponse().action(ActionCode.CLOSE_NOW, null);
        }
    }
}
