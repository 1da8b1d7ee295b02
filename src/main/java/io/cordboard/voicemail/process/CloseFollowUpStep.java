package io.cordboard.voicemail.process;

import static io.cordboard.voicemail.process.VoicemailProcess.COMPLETED_BY;
import static io.cordboard.voicemail.process.VoicemailProcess.NOTES;
import static io.cordboard.voicemail.process.VoicemailProcess.OUTCOME;

import io.cordboard.agent.Agents;
import io.cordboard.agent.Agents.Agent;
import io.cordboard.call.Calls;
import io.cordboard.call.Notes;
import io.cordboard.call.OpenCall;
import io.cordboard.flow.CallOf;
import io.cordboard.shared.AgentId;
import io.cordboard.voicemail.Voicemails;
import java.util.Optional;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Step {@code closeFollowUp}: keeps what became of the message. */
@Component("closeFollowUp")
class CloseFollowUpStep implements JavaDelegate {

    private final Calls calls;
    private final Notes notes;
    private final Voicemails voicemails;
    private final Agents agents;

    CloseFollowUpStep(Calls calls, Notes notes, Voicemails voicemails, Agents agents) {
        this.calls = calls;
        this.notes = notes;
        this.voicemails = voicemails;
        this.agents = agents;
    }

    @Override
    public void execute(DelegateExecution execution) {
        OpenCall call = calls.open(CallOf.execution(execution));
        voicemails.done(call.id(), OUTCOME.optionalIn(execution).orElse("done"));
        NOTES.optionalIn(execution).ifPresent(text -> notes.add(call.id(), whoCompletes(execution), text));
    }

    /** Somebody else may have taken the task over since it was assigned; null when nobody is logged in. */
    private @Nullable AgentId whoCompletes(DelegateExecution execution) {
        return COMPLETED_BY
                .optionalIn(execution)
                .or(() -> Optional.ofNullable(execution
                                .getProcessEngineServices()
                                .getIdentityService()
                                .getCurrentAuthentication())
                        .map(login -> login.getUserId()))
                .flatMap(agents::find)
                .map(Agent::id)
                .orElse(null);
    }
}
