package io.cordboard.ivr.process;

import io.cordboard.flow.Step;
import io.cordboard.flow.StepSettings;
import io.cordboard.flow.StepSettings.InvalidStepSetting;
import io.cordboard.flow.Variable;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.util.List;
import java.util.Locale;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** Step {@code localTime}: what time it is where the business is, for decisions such as opening hours. */
@Component("localTime")
class LocalTimeStep implements Step {

    private static final Variable<String> DATE = Variable.text("date").transientOnly();
    private static final Variable<String> WEEKDAY = Variable.text("weekday").transientOnly();
    private static final Variable<Integer> HOUR = Variable.number("hour").transientOnly();

    private final StepSettings settings;
    private final Clock clock;

    LocalTimeStep(StepSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public Description description() {
        return new Description(
                "Note local time",
                Kind.TASK,
                "Notes what day and hour it is where the business is, for a decision table that follows.",
                List.of(Field.text("timeZone", "Time zone", "Europe/Berlin", true, "For example America/New_York.")),
                List.of(
                        new Result(DATE.name(), "the date as 2026-12-24"),
                        new Result(WEEKDAY.name(), "the day in English, Monday to Sunday"),
                        new Result(HOUR.name(), "the hour, 0 to 23")));
    }

    @Override
    public void execute(DelegateExecution execution) {
        ZonedDateTime now =
                clock.instant().atZone(zone(settings.text(execution, "timeZone").orElse("UTC")));
        DATE.set(execution, now.toLocalDate().toString());
        WEEKDAY.set(execution, now.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH));
        HOUR.set(execution, now.getHour());
    }

    private static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException unknown) {
            throw new InvalidStepSetting("There is no time zone '" + name
                    + "'. Write it as a place, for example Europe/Berlin or America/New_York.");
        }
    }
}
