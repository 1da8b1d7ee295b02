package io.cordboard.flow;

import io.cordboard.shared.AgentId;
import io.swagger.v3.oas.annotations.media.Schema;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.camunda.bpm.engine.RepositoryService;
import org.camunda.bpm.engine.repository.Deployment;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Models on their way to live calls. A draft is one deployment with all its files; it waits under the engine's tenant
 * {@value Trial#TENANT} until it is published or discarded. It is never deleted, so that calls which tried it end on it.
 */
@Service
public class Drafts {

    private static final String MODELS =
            """
            WITH model AS (
                SELECT 'process' AS kind, key_, name_, version_, deployment_id_, tenant_id_ FROM act_re_procdef
                UNION ALL
                SELECT 'decision', key_, name_, version_, deployment_id_, tenant_id_ FROM act_re_decision_def
                UNION ALL
                SELECT 'form', key_, NULL, version_, deployment_id_, tenant_id_ FROM act_re_camformdef),
            latest AS (
                SELECT DISTINCT ON (kind, key_) * FROM model WHERE tenant_id_ IS NULL
                 ORDER BY kind, key_, version_ DESC),
            published AS (
                SELECT l.*, d.deploy_time_, live.deployed_by, a.name AS deployer
                  FROM latest l JOIN act_re_deployment d ON d.id_ = l.deployment_id_
                  LEFT JOIN model_deployment live ON live.deployment_id = d.id_
                  LEFT JOIN agent a ON a.id = live.deployed_by)
            """;

    private static final String WAITING = MODELS
            + """
            SELECT m.deployment_id, m.deployed_by, a.name AS deployer, d.name_, d.deploy_time_,
                   ARRAY (SELECT kind || ' ' || key_ FROM model WHERE deployment_id_ = d.id_
                           ORDER BY kind DESC, key_) AS parts
              FROM model_deployment m JOIN act_re_deployment d ON d.id_ = m.deployment_id
              JOIN agent a ON a.id = m.deployed_by
             WHERE m.state = 'draft'
            """;

    private final JdbcClient jdbc;
    private final RepositoryService repository;
    private final Clock clock;

    Drafts(JdbcClient jdbc, RepositoryService repository, Clock clock) {
        this.jdbc = jdbc;
        this.repository = repository;
        this.clock = clock;
    }

    /** What calls to live numbers begin with, by kind and key. */
    public List<Model> published() {
        return jdbc.sql(MODELS + "SELECT * FROM published ORDER BY kind DESC, key_")
                .query((row, n) -> model(row))
                .list();
    }

    /** The drafts that neither went live nor were discarded, newest first. */
    public List<Draft> waiting() {
        return jdbc.sql(WAITING + " ORDER BY d.deploy_time_ DESC, d.id_ DESC")
                .query((row, n) -> draft(row))
                .list();
    }

    public Optional<Draft> find(String id) {
        return jdbc.sql(WAITING + " AND m.deployment_id = :id")
                .param("id", id)
                .query((row, n) -> draft(row))
                .optional();
    }

    /** What became of a draft that waits no longer; empty when there never was one of this id. */
    public Optional<Decision> decisionOn(String id) {
        return jdbc.sql(
                        """
                        SELECT m.state, a.name, m.decided_at FROM model_deployment m JOIN agent a ON a.id = m.decided_by
                         WHERE m.deployment_id = :id""")
                .param("id", id)
                .query((row, n) -> new Decision(
                        row.getString("state"),
                        row.getString("name"),
                        row.getObject("decided_at", OffsetDateTime.class).toInstant()))
                .optional();
    }

    /**
     * Makes all files of a draft live together. Of several who publish it at once, one does.
     *
     * @param replaces the version that is known to be replaced, by key; without it a draft does not replace what was
     *     published after it
     */
    @Transactional
    public Outcome publish(Draft draft, AgentId by, Map<String, Integer> replaces) {
        // As the engine does: whoever deploys waits for whoever deploys.
        jdbc.sql("SELECT value_ FROM act_ge_property WHERE name_ = 'deployment.lock' FOR UPDATE")
                .query(String.class)
                .list();
        if (find(draft.id()).isEmpty()) {
            return new Gone();
        }
        List<Model> surprises = replacedBy(draft).stream()
                .filter(model -> {
                    Integer expected = replaces.get(model.key());
                    return expected == null ? model.since().isAfter(draft.at()) : expected != model.version();
                })
                .toList();
        if (!surprises.isEmpty()) {
            return new Outdated(surprises);
        }
        if (!decide(draft, "published", by)) {
            return new Gone();
        }
        Deployment waited =
                repository.createDeploymentQuery().deploymentId(draft.id()).singleResult();
        // Name and source stay: by them the engine knows whether somebody deploys the same files again.
        String live = repository
                .createDeployment()
                .name(waited.getName())
                .source(waited.getSource())
                .addDeploymentResources(draft.id())
                .deploy()
                .getId();
        jdbc.sql(
                        """
                        INSERT INTO model_deployment (deployment_id, state, deployed_by, draft)
                        VALUES (:live, 'live', :by, :draft)""")
                .param("live", live)
                .param("by", by.value())
                .param("draft", draft.id())
                .update();
        return new Published(replacedBy(draft));
    }

    /** @return false when somebody else published or discarded it before */
    @Transactional
    public boolean discard(Draft draft, AgentId by) {
        return decide(draft, "discarded", by);
    }

    private boolean decide(Draft draft, String state, AgentId by) {
        return jdbc.sql(
                                """
                                UPDATE model_deployment SET state = :state, decided_by = :by, decided_at = :now
                                 WHERE deployment_id = :id AND state = 'draft'""")
                        .param("state", state)
                        .param("by", by.value())
                        .param("now", OffsetDateTime.now(clock))
                        .param("id", draft.id())
                        .update()
                > 0;
    }

    /** The published models of the same keys. */
    private List<Model> replacedBy(Draft draft) {
        return jdbc.sql(
                        MODELS
                                + """
                        SELECT p.* FROM published p JOIN model m USING (kind, key_)
                         WHERE m.deployment_id_ = :id ORDER BY p.kind DESC, p.key_""")
                .param("id", draft.id())
                .query((row, n) -> model(row))
                .list();
    }

    private static Draft draft(ResultSet row) throws SQLException {
        String id = row.getString("deployment_id");
        return new Draft(
                id,
                Objects.requireNonNullElse(row.getString("name_"), id),
                Stream.of((String[]) row.getArray("parts").getArray())
                        .map(part -> part.split(" ", 2))
                        .map(part -> new Part(part[0], part[1]))
                        .toList(),
                new AgentId(row.getObject("deployed_by", UUID.class)),
                row.getString("deployer"),
                row.getTimestamp("deploy_time_").toInstant());
    }

    private static Model model(ResultSet row) throws SQLException {
        return new Model(
                row.getString("kind"),
                row.getString("key_"),
                row.getString("name_"),
                row.getInt("version_"),
                row.getTimestamp("deploy_time_").toInstant(),
                row.getString("deployer"));
    }

    /**
     * A process, decision or form that calls use.
     *
     * @param kind process, decision or form
     * @param since when this version was published
     * @param by who published it; null when it came with the program
     */
    public record Model(
            @Schema(example = "process") String kind,
            @Schema(example = "ivr") String key,
            @Schema(example = "Ask for department") @Nullable String name,
            int version,
            Instant since,
            @Schema(example = "Grace") @Nullable String by) {}

    /** A deployment that waits to be published. */
    public record Draft(String id, String name, List<Part> models, AgentId author, String authorName, Instant at) {}

    /** One model of a draft, of the same kinds. */
    public record Part(@Schema(example = "process") String kind, @Schema(example = "ivr") String key) {}

    /** @param state published, discarded or superseded by a newer draft of the same author */
    public record Decision(String state, String by, Instant at) {}

    /** What came of publishing. */
    public sealed interface Outcome permits Published, Outdated, Gone {}

    /** Live, in these versions. */
    public record Published(List<Model> models) implements Outcome {}

    /** These were published after the draft was made, or are not in the version that was expected. */
    public record Outdated(List<Model> models) implements Outcome {}

    /** It waits no longer. */
    public record Gone() implements Outcome {}
}
