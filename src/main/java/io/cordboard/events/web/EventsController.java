package io.cordboard.events.web;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cordboard.customer.Account;
import io.cordboard.events.LiveFeed;
import io.cordboard.events.LiveFeed.Subscription;
import io.cordboard.events.LiveFigures;
import io.cordboard.platform.Problem;
import io.cordboard.shared.CallId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The live feed as server-sent events. */
@RestController
@Tag(name = "Events")
class EventsController {

    /** After this the client comes again by itself, and its login is checked again. */
    private static final Duration LONGEST = Duration.ofMinutes(15);

    private final LiveFeed feed;
    private final Map<String, LiveFigures> figures;
    private final ObjectMapper json;

    EventsController(LiveFeed feed, List<LiveFigures> figures, ObjectMapper json) {
        this.feed = feed;
        this.figures = figures.stream().collect(Collectors.toUnmodifiableMap(LiveFigures::name, Function.identity()));
        this.json = json;
    }

    @GetMapping(path = "/v1/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(
            summary = "Watch what happens",
            description = "Server-sent events. Agents learn of their own calls and of their colleagues' statuses,"
                    + " supervisors and administrators of everything of their customer; what one may not see is left out"
                    + " without a word. Each event is told at least once; its id is in data. Send the id of the last"
                    + " one as Last-Event-ID to be told what was missed. The event feed.missed says that this was too"
                    + " much: read anew what you show. A comment every 15 seconds says that the line stands. With"
                    + " include=queues the figures of queues are told as well, in queue.statistics: first all of them, then"
                    + " those that have changed, at most once per second. docs/statistics.md explains them.")
    @ApiResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                            examples =
                                    @ExampleObject(
                                            """
                                            id: 4711
                                            event: reservation.created
                                            data: {"id":4711,"type":"reservation.created","at":"2026-11-20T10:00:00Z",\
                                            "call_id":"019a0c3e-7a10-7000-8000-00000000c0de","agent_id":null,"data":{}}
                                            """)))
    void events(
            @AuthenticationPrincipal Account me,
            @Parameter(description = "Only what happens in this call.") @RequestParam(required = false) @Nullable
                    UUID call,
            @Parameter(description = "queues: the figures of queues as well.", example = "queues")
                    @RequestParam(defaultValue = "")
                    Set<String> include,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable Long lastEventId,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        check(include);
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        // Proxies such as nginx would otherwise collect the events.
        response.setHeader("X-Accel-Buffering", "no");
        AsyncContext context = request.startAsync();
        context.setTimeout(LONGEST.toMillis());
        EventStream stream = new EventStream(context, json);
        Subscription subscription = feed.subscribe(me, call == null ? null : new CallId(call), lastEventId, stream);
        List<Runnable> watched = new ArrayList<>();
        watched.add(subscription::cancel);
        for (LiveFigures wanted : figures.values()) {
            if (include.contains(wanted.name())) {
                watched.add(wanted.watch(me, body -> stream.tell(wanted.type(), body)));
            }
        }
        context.addListener(new End(stream, watched));
    }

    private void check(Set<String> include) {
        for (String wanted : include) {
            if (!figures.containsKey(wanted)) {
                throw Problem.badRequest(
                        "The live feed has no " + wanted + " to include.",
                        "Use include=" + String.join(",", new TreeSet<>(figures.keySet())) + ", or leave it out.");
            }
        }
    }

    private record End(EventStream stream, List<Runnable> watched) implements AsyncListener {

        @Override
        public void onComplete(AsyncEvent event) {
            watched.forEach(Runnable::run);
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            stream.close();
        }

        @Override
        public void onError(AsyncEvent event) {
            watched.forEach(Runnable::run);
            stream.broken();
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            // It is never started anew.
        }
    }
}
