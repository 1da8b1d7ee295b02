package io.cordboard.platform.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.put;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cordboard.platform.Problem;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.ResultActions;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.util.unit.DataSize;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Bad requests and bad luck, answered as problem details. */
@ExtendWith(OutputCaptureExtension.class)
class ProblemAdviceTests {

    private final ObjectMapper json = JsonMapper.builder().findAndAddModules().build();

    private final MockMvc http = MockMvcBuilders.standaloneSetup(new Switchboard())
            .setControllerAdvice(new ProblemAdvice())
            .addFilters(new RequestLimits(json, DataSize.ofKilobytes(1), DataSize.ofKilobytes(2)))
            .build();

    @Test
    void aRefusalSaysWhatIsWrongAndHowToMendIt() throws Exception {
        problem(http.perform(get("/calls/17")), 404)
                .andExpect(jsonPath("$.detail").value("There is no call 17."))
                .andExpect(jsonPath("$.remedy").value("List the calls with GET /v1/calls."))
                .andExpect(jsonPath("$.title").value("Not Found"));
    }

    @Test
    void invalidFieldsAreListed() throws Exception {
        problem(
                        http.perform(put("/status")
                                .contentType(MediaType.APPLICATION_JSON)
                                .content("{\"agent\":\" \"}")),
                        400)
                .andExpect(jsonPath("$.fields.length()").value(2))
                .andExpect(jsonPath("$.fields[?(@.field=='agent')].problem").value("must not be blank"))
                .andExpect(jsonPath("$.fields[?(@.field=='status')].problem").value("must not be null"));
    }

    @Test
    void brokenJsonIsReportedWithItsPlace() throws Exception {
        problem(
                        http.perform(put("/status")
                                .contentType(MediaType.APPLICATION_JSON)
                                .content("{\n \"agent\": edith}")),
                        400)
                .andExpect(jsonPath("$.detail").value(containsString("line 2")));
    }

    @Test
    void aWrongValueIsReportedWithTheRightOnes() throws Exception {
        problem(
                        http.perform(put("/status")
                                .contentType(MediaType.APPLICATION_JSON)
                                .content("{\"agent\":\"edith\",\"status\":\"asleep\"}")),
                        400)
                .andExpect(jsonPath("$.detail").value(containsString("\"status\"")))
                .andExpect(jsonPath("$.remedy").value("Send one of [available, away]."));
    }

    @Test
    void aWrongMethodIsReportedWithTheRightOnes() throws Exception {
        problem(http.perform(post("/status")), 405)
                .andExpect(jsonPath("$.remedy").value("Use PUT."));
    }

    @Test
    void aWrongTypeOfBodyIsReported() throws Exception {
        problem(http.perform(put("/status").contentType(MediaType.TEXT_PLAIN).content("x")), 415)
                .andExpect(jsonPath("$.remedy").value(containsString("application/json")));
    }

    @Test
    void anUnknownAddressIsReported() throws Exception {
        problem(http.perform(get("/nowhere")), 404);
    }

    @Test
    void ourOwnMistakesShowAnIdAndNothingOfTheirInside(CapturedOutput log) throws Exception {
        String answer = problem(http.perform(get("/broken")), 500)
                .andExpect(content().string(not(containsString("jdbc"))))
                .andReturn()
                .getResponse()
                .getContentAsString();
        String id = json.readTree(answer).path("errorId").asText();
        assertThat(id).isNotBlank();
        assertThat(log).contains(id, "jdbc:postgresql://inside");
    }

    @Test
    void aMissingDatabaseIsSomethingToTryAgainLater() throws Exception {
        problem(http.perform(get("/database")), 503).andExpect(header().string("Retry-After", "2"));
    }

    @Test
    void aBodyOverTheLimitIsNotRead() throws Exception {
        problem(
                        http.perform(put("/status")
                                .contentType(MediaType.APPLICATION_JSON)
                                .content("x".repeat(1025))),
                        413)
                .andExpect(jsonPath("$.detail").value(containsString("1024 bytes")));
    }

    @Test
    void aBodyOfUnannouncedLengthIsCutOffAtTheLimit() throws Exception {
        problem(
                http.perform(put("/status")
                        .contentType(MediaType.APPLICATION_JSON)
                        .content("{\"agent\":\"" + "x".repeat(2000) + "\"}")
                        .with(request ->
                                new org.springframework.mock.web.MockHttpServletRequest(
                                        request.getServletContext(), request.getMethod(), request.getRequestURI()) {
                                    {
                                        setContentType(request.getContentType());
                                        setContent(request.getContentAsByteArray());
                                    }

                                    @Override
                                    public long getContentLengthLong() {
                                        return -1;
                                    }
                                })),
                413);
    }

    private static ResultActions problem(ResultActions answer, int status) throws Exception {
        return answer.andExpect(status().is(status))
                .andExpect(content().contentTypeCompatibleWith(MediaType.APPLICATION_PROBLEM_JSON))
                .andExpect(jsonPath("$.status").value(status))
                .andExpect(jsonPath("$.detail").isNotEmpty());
    }

    @RestController
    static class Switchboard {

        enum Status {
            available,
            away
        }

        record Change(@NotBlank String agent, @NotNull Status status) {}

        @PutMapping("/status")
        void change(@Valid @RequestBody Change change) {}

        @GetMapping("/calls/{id}")
        void call(@PathVariable String id) {
            throw Problem.notFound("There is no call " + id + ".", "List the calls with GET /v1/calls.");
        }

        @GetMapping("/broken")
        void broken() {
            throw new IllegalStateException("jdbc:postgresql://inside");
        }

        @GetMapping("/database")
        void database() {
            throw new DataAccessResourceFailureException("down");
        }
    }
}
