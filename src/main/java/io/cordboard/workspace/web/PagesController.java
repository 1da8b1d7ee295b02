package io.cordboard.workspace.web;

import io.swagger.v3.oas.annotations.Hidden;
import java.time.Duration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/**
 * Answers every address of a page with the same document; the scripts in it show the page that belongs to the address.
 * The document itself says nothing that needs a login: what the pages show, they ask of the API.
 */
@Hidden
@Controller
class PagesController {

    private final Resource document = new ClassPathResource("static/index.html");

    /** The document is asked for anew each time, so that a new version shows at once; what it names never changes. */
    @GetMapping(
            path = {
                "/",
                "/login",
                "/phone",
                "/test-phone",
                "/calls",
                "/calls/{id}",
                "/models",
                "/operations",
                "/queues",
                "/queues/{id}",
                "/voicemails",
                "/webhooks",
                "/webhooks/{id}"
            },
            produces = MediaType.TEXT_HTML_VALUE)
    ResponseEntity<?> page() {
        if (!document.exists()) {
            var problem = ProblemDetail.forStatusAndDetail(
                    HttpStatus.NOT_FOUND, "This server was built without its web pages.");
            problem.setTitle("The pages were not built");
            problem.setProperty("remedy", "Build again without -Dfrontend.skip, with Node.js 20 or newer installed.");
            return ResponseEntity.of(problem).build();
        }
        return ResponseEntity.ok()
                .cacheControl(CacheControl.maxAge(Duration.ZERO).mustRevalidate())
                .body(document);
    }
}
