package io.cordboard.voicemail.process;

import static io.cordboard.voicemail.process.VoicemailProcess.MESSAGE_SECONDS;
import static io.cordboard.voicemail.process.VoicemailProcess.TRANSCRIPTION;

import io.cordboard.call.CallState;
import io.cordboard.call.CallerLine;
import io.cordboard.call.Calls;
import io.cordboard.call.LegEndListener;
import io.cordboard.call.OpenCall;
import io.cordboard.telephony.CallLocks.LockedCall;
import io.cordboard.telephony.CarrierCommand;
import io.cordboard.telephony.CarrierEvent;
import io.cordboard.telephony.CarrierEvent.LegEnd;
import io.cordboard.telephony.CarrierEvent.MessageRecorded;
import io.cordboard.telephony.CarrierEvent.RecordingReady;
import io.cordboard.telephony.CarrierEvent.TranscriptionReady;
import io.cordboard.telephony.CarrierEventHandler;
import io.cordboard.voicemail.Voicemails;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.camunda.bpm.engine.ManagementService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What carriers tell about a message: that it is over, where it is, and what was said. */
@Configuration(proxyBeanMethods = false)
class MessageEvents {

    private static final Duration REPORT_AFTER_HANG_UP = Duration.ofSeconds(5);

    @Bean
    CarrierEventHandler<MessageRecorded> messagesEnd(Calls calls, Voicemails voicemails, RuntimeService runtime) {
        return on(MessageRecorded.class, calls, (event, call) -> {
            voicemails.note(call.id(), null, null, event.length(), null);
            call.answer(event.token())
                    .ifPresent(
                            execution -> runtime.signal(execution, null, null, Map.ofEntries(MESSAGE_SECONDS.with((int)
                                    event.length().toSeconds()))));
        });
    }

    @Bean
    CarrierEventHandler<RecordingReady> recordingsArrive(
            Calls calls, CallerLine line, Voicemails voicemails, RuntimeService runtime) {
        return on(RecordingReady.class, calls, (event, call) -> {
            if (voicemails.note(call.id(), event.recordingId(), event.url(), event.length(), null)) {
                show(runtime, call, MESSAGE_SECONDS.with((int) event.length().toSeconds()));
            } else {
                line.command(
                        call, new CarrierCommand.DeleteRecording(call.id(), call.callerLeg(), event.recordingId()));
            }
        });
    }

    @Bean
    CarrierEventHandler<TranscriptionReady> textsArrive(Calls calls, Voicemails voicemails, RuntimeService runtime) {
        return on(TranscriptionReady.class, calls, (event, call) -> {
            String text = event.text();
            if (text != null && voicemails.note(call.id(), event.recordingId(), null, null, text)) {
                show(runtime, call, TRANSCRIPTION.with(text));
            }
        });
    }

    /** A caller who hangs up while leaving a message is done with it: what is recorded decides how it goes on. */
    @Bean
    LegEndListener callersLeaveMessages(RuntimeService runtime, ManagementService management, Clock clock) {
        return new LegEndListener() {
            @Override
            public Set<CallState> during() {
                return Set.of(CallState.RECORDING, CallState.FOLLOW_UP);
            }

            @Override
            public boolean callerGone(OpenCall call, LegEnd how) {
                if (call.state() == CallState.RECORDING) {
                    awaitReport(call);
                }
                return true;
            }

            /** The carrier reports a message within seconds or, when nothing was said, not at all. */
            private void awaitReport(OpenCall call) {
                Date latest = Date.from(clock.instant().plus(REPORT_AFTER_HANG_UP));
                recorder(runtime, call)
                        .map(recorder -> management
                                .createJobQuery()
                                .processInstanceId(recorder.getId())
                                .timers()
                                .list())
                        .orElse(List.of())
                        .forEach(timer -> management.setJobDuedate(timer.getId(), latest, false));
            }
        };
    }

    /** What came after the task was made is shown to whoever opens it. */
    private static void show(RuntimeService runtime, OpenCall call, Map.Entry<String, Object> variable) {
        recorder(runtime, call)
                .ifPresent(it -> runtime.setVariable(it.getId(), variable.getKey(), variable.getValue()));
    }

    private static Optional<ProcessInstance> recorder(RuntimeService runtime, OpenCall call) {
        return Optional.ofNullable(runtime.createProcessInstanceQuery()
                .processInstanceBusinessKey(call.id().toString(), VoicemailProcess.ID)
                .singleResult());
    }

    private static <E extends CarrierEvent> CarrierEventHandler<E> on(
            Class<E> kind, Calls calls, BiConsumer<E, OpenCall> work) {
        return new CarrierEventHandler<>() {
            @Override
            public Class<E> kind() {
                return kind;
            }

            @Override
            public Result handle(E event, @Nullable LockedCall locked) {
                if (locked == null) {
                    return Result.EARLY;
                }
                work.accept(event, calls.open(locked.call()));
                return Result.DONE;
            }
        };
    }
}
