package io.cordboard.customer.process.web;

import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** Who is at the other end of the request that this thread works on. */
public final class Caller {

    private Caller() {}

    /** Their address; this machine's own while there is no request. */
    public static String address() {
        return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes
                ? attributes.getRequest().getRemoteAddr()
                : "127.0.0.1";
    }
}
