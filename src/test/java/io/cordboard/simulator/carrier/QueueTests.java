package io.cordboard.simulator.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import com.twilio.rest.api.v2010.account.Queue;
import com.twilio.rest.api.v2010.account.queue.Member;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** Enqueue, what callers hear meanwhile, and every way out. */
class QueueTests extends CarrierTest {

    private static final String WAIT = "<Enqueue waitUrl='wait' action='after'>%s</Enqueue><Say>Next verb</Say>";

    @Test
    void theWaitUrlIsAskedAgainAndAgainWithThePosition() {
        var line = line(WAIT.formatted("again")).answers("wait", "<Play>music.mp3</Play>");
        var first = dial(line).untilIn("queued");
        eventually().until(() -> line.requests("wait").size() >= 3);
        var second = dial(line).untilIn("queued");
        eventually().until(() -> line.requests("wait").stream()
                .anyMatch(request -> request.field("CallSid").equals(second.sid())));

        assertThat(line.request("wait").fields())
                .containsEntry("QueuePosition", "1")
                .containsEntry("CurrentQueueSize", "1")
                .containsEntry("MaxQueueSize", "1000")
                .containsKeys("QueueSid", "QueueTime", "AvgQueueTime");
        assertThat(line.requests("wait"))
                .filteredOn(request -> request.field("CallSid").equals(second.sid()))
                .first()
                .satisfies(request -> assertThat(request.field("QueuePosition")).isEqualTo("2"));
        assertThat(first.heard()).contains("music: music.mp3");
        first.hangsUp();
        second.hangsUp();
        eventually().until(() -> line.requests("after").size() == 2);
        assertThat(line.request("after").field("QueueResult")).isEqualTo("hangup");
    }

    @Test
    void leaveInTheWaitTwimlGoesOnWithTheAction() {
        var line = line(WAIT.formatted("leave")).answers("wait", "<Leave/>").answers("after", "<Say>Left</Say>");

        assertThat(dial(line).untilStatus("completed").heard()).contains("say: Left");
        assertThat(line.request("after").field("QueueResult")).isEqualTo("leave");
    }

    @Test
    void withoutActionTheVerbAfterEnqueueFollows() {
        var line = line("<Enqueue waitUrl='wait'>no-action</Enqueue><Say>Next verb</Say>")
                .answers("wait", "<Leave/>");

        assertThat(dial(line).untilStatus("completed").heard()).contains("say: Next verb");
    }

    @Test
    void aKeyPressWhileWaitingIsGatheredAndMayLeave() {
        var line = line(WAIT.formatted("press"))
                .answers(
                        "wait",
                        "<Gather numDigits='1' action='pressed' timeout='60'><Say>Press 1 to leave</Say></Gather>")
                .answers("pressed", "<Leave/>")
                .answers("after", "<Hangup/>");
        dial(line, "press 1").untilStatus("completed");

        assertThat(line.request("pressed").field("Digits")).isEqualTo("1");
        assertThat(line.request("after").field("QueueResult")).isEqualTo("leave");
    }

    @Test
    void aWaitUrlThatFailsOrIsNotAllowedEndsTheWaitWithAnError() {
        var failing = line(WAIT.formatted("bad")).answers("wait", any -> Product.Reply.status(500));
        var forbidden = line(WAIT.formatted("bad")).answers("wait", "<Dial>+15550100000</Dial>");
        dial(failing);
        dial(forbidden);

        assertThat(failing.request("after").field("QueueResult")).isEqualTo("error");
        assertThat(forbidden.request("after").field("QueueResult")).isEqualTo("error");
    }

    @Test
    void dialQueueConnectsTheFirstCallerAfterTheWhisper() {
        var callers = line("<Enqueue action='after'>bridge</Enqueue>").answers("after", "<Say>How was it?</Say>");
        var caller = dial(callers).untilIn("queued");
        var agents = line("<Dial action='done'><Queue url='whisper'>bridge</Queue></Dial>")
                .answers("whisper", "<Say>You will be connected</Say>")
                .answers("done", "<Hangup/>");
        var agent = dial(agents).untilTalkingWith(caller.from());
        caller.untilTalkingWith(agent.from()).says("hello");

        agent.untilHears("voice: hello").hangsUp();
        caller.untilStatus("completed");
        assertThat(caller.heard())
                .containsSubsequence(
                        "music: hold music",
                        "say: You will be connected",
                        "conversation: connected with " + agent.from(),
                        "say: How was it?");
        assertThat(callers.request("after").field("QueueResult")).isEqualTo("bridged");
        assertThat(agents.request("done").field("DialCallStatus")).isEqualTo("completed");
    }

    @Test
    void dialQueueWaitsForACallerAndTellsWhenNobodyComes() {
        Queue.creator("empty").create(TWILIO);
        var line = line("<Dial action='done' timeout='1'><Queue>empty</Queue></Dial>")
                .answers("done", "<Hangup/>");
        var missing =
                line("<Dial action='done'><Queue>not-there</Queue></Dial>").answers("done", "<Hangup/>");
        dial(line);
        dial(missing);

        assertThat(line.request("done").field("DialCallStatus")).isEqualTo("no-answer");
        assertThat(missing.request("done").field("DialCallStatus")).isEqualTo("failed");
    }

    @Test
    void aFullQueueIsToldToTheAction() {
        Queue.creator("small").setMaxSize(1).create(TWILIO);
        var line = line("<Enqueue action='after'>small</Enqueue>").answers("after", "<Hangup/>");
        var first = dial(line).untilIn("queued");
        dial(line).untilStatus("completed");

        assertThat(line.request("after").field("QueueResult")).isEqualTo("queue-full");
        first.hangsUp();
    }

    @Test
    void restListsTheQueueAndTakesCallersOut() {
        var line = line("<Enqueue action='after'>by-rest</Enqueue>").answers("elsewhere", "<Say>Elsewhere</Say>");
        var caller = dial(line).untilIn("queued");
        Queue queue = null;
        for (var each : Queue.reader().read(TWILIO)) {
            queue = each.getFriendlyName().equals("by-rest") ? each : queue;
        }

        assertThat(queue).isNotNull();
        assertThat(Queue.fetcher(queue.getSid()).fetch(TWILIO).getCurrentSize()).isEqualTo(1);
        assertThat(Member.reader(queue.getSid()).read(TWILIO))
                .singleElement()
                .satisfies(member -> assertThat(member.getCallSid()).isEqualTo(caller.sid()));
        assertThat(Member.fetcher(queue.getSid(), "Front").fetch(TWILIO).getPosition())
                .isEqualTo(1);
        Member.updater(queue.getSid(), "Front", URI.create(line.url("elsewhere")))
                .update(TWILIO);
        caller.untilStatus("completed");

        assertThat(caller.heard()).contains("say: Elsewhere");
        assertThat(line.request("after").field("QueueResult")).isEqualTo("redirected");
        assertThat(Queue.deleter(queue.getSid()).delete(TWILIO)).isTrue();
    }
}
