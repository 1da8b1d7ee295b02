package io.cordboard.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cordboard.testing.Caller;
import io.cordboard.testing.ScenarioTest;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;

/** The queues at {@code /actuator/prometheus}, with real calls. */
class QueueMetricsTests extends ScenarioTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Autowired
    private QueueBoard board;

    @Autowired
    private ObjectProvider<PrometheusRegistry> registry;

    @Autowired
    private Clock clock;

    @Test
    void prometheusReadsQueuesAndTheirTotals() {
        String customer = jdbc.sql(
                        "SELECT c.name FROM customer c JOIN queue q ON q.customer_id = c.id WHERE q.id = :queue")
                .param("queue", queueId("support"))
                .query(String.class)
                .single();
        String total = "{application=\"cordboard\",customer=\"" + customer + "\"}";
        String queue = "{application=\"cordboard\",customer=\"" + customer + "\",queue=\"support\"}";
        String abandoned = "cordboard_queue_left_total"
                + queue.replace("customer=\"" + customer + "\",", "customer=\"" + customer + "\",exit=\"abandoned\",");
        Caller caller = someoneDials(NUMBER, "press 1").isIn("queued");

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(metrics())
                .contains("cordboard_queue_waiting" + queue + " 1.0", "cordboard_queues_waiting" + total + " 1.0"));
        List<String> waiting = metrics();
        assertThat(value(waiting, "cordboard_queue_longest_wait_seconds" + queue))
                .isPositive();
        assertThat(waiting)
                .contains("cordboard_queue_agents" + queue.replace("}", ",status=\"offline\"}") + " 3.0")
                .contains("cordboard_queue_agents_free" + queue + " 0.0");
        double before = value(waiting, abandoned);
        caller.hangsUp();

        await().atMost(PATIENCE).untilAsserted(() -> {
            List<String> after = metrics();
            assertThat(after).contains("cordboard_queue_waiting" + queue + " 0.0");
            assertThat(value(after, abandoned)).isEqualTo(before + 1);
            assertThat(value(after, "cordboard_queue_entered_total" + queue)).isGreaterThanOrEqualTo(before + 1);
            assertThat(after).anyMatch(line -> line.startsWith("cordboard_queue_service_level_ratio" + queue));
        });
    }

    @Test
    void noMoreQueuesHaveSeriesThanTheSettingsAllow() {
        someoneDials(NUMBER, "press 1").isIn("queued").hangsUp();

        QueueMetrics none = new QueueMetrics(board, new StatisticsSettings(ZoneOffset.UTC, 0), registry, clock, "test");

        List<String> names = none.collect().stream()
                .map(metric -> metric.getMetadata().getName())
                .toList();
        assertThat(names)
                .contains("cordboard_queues_waiting", "cordboard_queues_without_series")
                .noneMatch(name -> name.startsWith("cordboard_queue_"));
    }

    private List<String> metrics() {
        return admin().get("/actuator/prometheus").text().lines().toList();
    }

    private static double value(List<String> metrics, String series) {
        return metrics.stream()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElse(0);
    }
}
