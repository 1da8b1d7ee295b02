package io.cordboard.routing;

import io.cordboard.events.Questions;
import io.cordboard.routing.QueueSettings.Ring;
import io.cordboard.routing.QueueSettings.Tier;
import io.cordboard.routing.SettingFault.Place;
import io.cordboard.routing.expression.Expression;
import io.cordboard.routing.expression.ExpressionFault;
import io.cordboard.shared.CustomerId;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What the settings of a queue have to be beyond a range: names, tags, expressions, rings and tiers. */
@Component
class QueueRules {

    private static final int MOST_TAGS = 50;
    private static final int MOST_RINGS = 10;
    private static final int MOST_TIERS = 1000;
    private static final BigDecimal A_WEEK = BigDecimal.valueOf(604_800);

    private final JdbcClient jdbc;
    private final AttributeTypes types;
    private final Questions questions;

    QueueRules(JdbcClient jdbc, AttributeTypes types, Questions questions) {
        this.jdbc = jdbc;
        this.types = types;
        this.questions = questions;
    }

    /** Everything that is wrong with completed settings, whatever agents there are. */
    List<SettingFault> faults(CustomerId customer, QueueSettings settings) {
        List<SettingFault> faults = new ArrayList<>(SettingColumns.faults(settings));
        String name = settings.name();
        if (name == null || name.isBlank() || name.length() > 64) {
            faults.add(new SettingFault("name", "A queue has a name.", "Send a name of 1 to 64 characters."));
        }
        skills(customer, "", settings.requiredTags(), settings.match(), settings.expression(), faults);
        callBacks(settings, faults);
        rings(customer, settings.rings(), faults);
        tiers(customer, settings.tiers(), faults);
        address("assignment_callback_url", settings.assignmentCallbackUrl(), faults);
        address("assignment_callback_fallback_url", settings.assignmentCallbackFallbackUrl(), faults);
        if (settings.assignmentCallbackFallbackUrl() != null && settings.assignmentCallbackUrl() == null) {
            faults.add(new SettingFault(
                    "assignment_callback_fallback_url",
                    "There is no assignment_callback_url to fall back from.",
                    "Send assignment_callback_url as well, or neither."));
        }
        return faults;
    }

    private void address(String field, @Nullable String url, List<SettingFault> faults) {
        if (url != null) {
            questions.objection(url).ifPresent(no -> faults.add(new SettingFault(field, no.problem(), no.remedy())));
        }
    }

    private void skills(
            CustomerId customer,
            String of,
            @Nullable List<String> tags,
            @Nullable String match,
            @Nullable String expression,
            List<SettingFault> faults) {
        if (tags != null && tags.size() > MOST_TAGS) {
            faults.add(new SettingFault(
                    of + "required_tags", "These are too many tags.", "Send at most " + MOST_TAGS + "."));
        } else if (tags != null) {
            Set<String> unknown = unknownTags(customer, tags);
            if (!unknown.isEmpty()) {
                faults.add(new SettingFault(
                        of + "required_tags",
                        "There is no tag " + String.join(", ", unknown) + ".",
                        "GET /v1/tags lists the tags of your customer, POST /v1/tags adds one."));
            }
        }
        if (match != null && !match.equals("all") && !match.equals("any")) {
            faults.add(new SettingFault(
                    of + "match", of + "match cannot be " + match + ".", "Send all or any; leave it out for all."));
        }
        if (expression != null) {
            try {
                Expression.parse(expression);
            } catch (ExpressionFault fault) {
                faults.add(new SettingFault(
                        of + "expression",
                        String.valueOf(fault.getMessage()),
                        "Correct the expression at this place; docs/queues.md has its grammar and examples.",
                        new Place(fault.index(), fault.line(), fault.column())));
            }
        }
    }

    private static void callBacks(QueueSettings settings, List<SettingFault> faults) {
        for (String span : Objects.requireNonNullElse(settings.callBackHours(), List.<String>of())) {
            try {
                if (span.matches(CallBackHours.PATTERN)) { // else it is told already
                    CallBackHours.span(span);
                }
            } catch (DateTimeException impossible) {
                faults.add(new SettingFault(
                        "call_back_hours",
                        "call_back_hours cannot have " + span + ": " + impossible.getMessage(),
                        "Write spans as mon-fri 09:00-17:30 or sat 10:00-24:00; one over midnight as two, such as"
                                + " mon-fri 20:00-24:00 and tue-sat 00:00-02:00."));
            }
        }
        String zone = Objects.requireNonNullElse(settings.callBackTimeZone(), "UTC");
        try {
            ZoneId.of(zone);
        } catch (DateTimeException unknown) {
            faults.add(new SettingFault(
                    "call_back_time_zone",
                    "There is no time zone " + zone + ".",
                    "Send a place such as Europe/Berlin, or UTC; leave it out for UTC."));
        }
    }

    private void rings(CustomerId customer, @Nullable List<Ring> rings, List<SettingFault> faults) {
        if (rings == null) {
            return;
        }
        if (rings.size() > MOST_RINGS) {
            faults.add(new SettingFault("rings", "These are too many rings.", "Send at most " + MOST_RINGS + "."));
            return;
        }
        Set<BigDecimal> times = new HashSet<>();
        for (int i = 0; i < rings.size(); i++) {
            String field = "rings[" + i + "].";
            Ring ring = rings.get(i);
            BigDecimal after = ring.afterSeconds();
            if (after == null || after.compareTo(BigDecimal.ONE) < 0 || after.compareTo(A_WEEK) > 0) {
                faults.add(new SettingFault(
                        field + "after_seconds",
                        field + "after_seconds cannot be " + after + ".",
                        "Send seconds of waiting, 1 to " + A_WEEK + "."));
            } else if (!times.add(after.stripTrailingZeros())) {
                faults.add(new SettingFault(
                        field + "after_seconds",
                        "Another ring begins after " + after.toPlainString() + " seconds too.",
                        "Give each ring a time of its own."));
            }
            skills(customer, field, ring.requiredTags(), ring.match(), ring.expression(), faults);
        }
    }

    private void tiers(CustomerId customer, @Nullable List<Tier> tiers, List<SettingFault> faults) {
        if (tiers == null) {
            return;
        }
        if (tiers.size() > MOST_TIERS) {
            faults.add(new SettingFault("tiers", "These are too many tiers.", "Send at most " + MOST_TIERS + "."));
            return;
        }
        Set<UUID> agents = new HashSet<>(jdbc.sql(
                        "SELECT id FROM agent WHERE customer_id = :customer AND deleted_at IS NULL AND id = ANY (:ids)")
                .param("customer", customer.value())
                .param("ids", tiers.stream().map(Tier::agentId).toArray(UUID[]::new))
                .query(UUID.class)
                .list());
        for (int i = 0; i < tiers.size(); i++) {
            Tier tier = tiers.get(i);
            if (!agents.remove(tier.agentId())) {
                faults.add(new SettingFault(
                        "tiers[" + i + "].agent_id",
                        "There is no such agent, or they have a tier already.",
                        "GET /v1/agents lists the agents; each has one tier at most."));
            }
            Integer wanted = tier.tier();
            if (wanted == null || wanted < 1 || wanted > 100) {
                faults.add(new SettingFault(
                        "tiers[" + i + "].tier",
                        "tiers[" + i + "].tier cannot be " + wanted + ".",
                        "Send a whole number, 1 to 100."));
            }
        }
    }

    private Set<String> unknownTags(CustomerId customer, Collection<String> tags) {
        Set<String> unknown = new LinkedHashSet<>(tags);
        jdbc.sql("SELECT name FROM tag WHERE customer_id = :customer AND name = ANY (:names) FOR SHARE")
                .param("customer", customer.value())
                .param("names", unknown.toArray(String[]::new))
                .query(String.class)
                .list()
                .forEach(unknown::remove);
        return unknown;
    }

    /**
     * Holds the expressions against the agents there are.
     *
     * @param warning told what may be meant, and looks like a mistake
     * @return what cannot be meant
     */
    List<SettingFault> misfits(CustomerId customer, QueueSettings settings, Consumer<String> warning) {
        List<SettingFault> faults = new ArrayList<>();
        misfits(customer, "expression", settings.expression(), faults, warning);
        List<Ring> rings = settings.rings() == null ? List.of() : settings.rings();
        for (int i = 0; i < rings.size(); i++) {
            misfits(customer, "rings[" + i + "].expression", rings.get(i).expression(), faults, warning);
        }
        return faults;
    }

    private void misfits(
            CustomerId customer,
            String field,
            @Nullable String text,
            List<SettingFault> faults,
            Consumer<String> warning) {
        if (text == null) {
            return;
        }
        Expression expression;
        try {
            expression = Expression.parse(text);
        } catch (ExpressionFault e) {
            throw new IllegalArgumentException(e);
        }
        AttributeTypes.Report report = types.report(customer, expression);
        for (String wrong : report.wrong()) {
            faults.add(new SettingFault(
                    field,
                    wrong,
                    "Correct the expression, or the attributes of these agents with PUT /v1/agents/{id}."));
        }
        for (String tag : unknownTags(customer, expression.tags())) {
            warning.accept(field + ": There is no tag " + tag + ".");
        }
        for (String attribute : report.unknown()) {
            warning.accept(field + ": No agent has the attribute " + attribute
                    + "; until somebody has, comparisons with it are false.");
        }
    }
}
