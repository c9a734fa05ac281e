package io.tidegate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a collector is told, read with OpenTelemetry's own classes; and what Prometheus finds.
class TelemetryIT {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "00-" + TRACE + "-b7ad6b7169203331-01";

  @TempDir private Path data;

  private final List<ExportMetricsServiceRequest> metrics = new CopyOnWriteArrayList<>();
  private final List<ExportLogsServiceRequest> logs = new CopyOnWriteArrayList<>();
  private final List<ExportTraceServiceRequest> traces = new CopyOnWriteArrayList<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private HttpServer collector;

  @BeforeEach
  void listen() throws IOException {
    collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    serve("/v1/metrics", body -> metrics.add(ExportMetricsServiceRequest.parseFrom(body)));
    serve("/v1/logs", body -> logs.add(ExportLogsServiceRequest.parseFrom(body)));
    serve("/v1/traces", body -> traces.add(ExportTraceServiceRequest.parseFrom(body)));
    collector.start();
  }

  private interface Reader {
    void read(InputStream body) throws IOException;
  }

  private void serve(String path, Reader reader) {
    collector.createContext(
        path,
        exchange -> {
          authorizations.add(
              String.valueOf(exchange.getRequestHeaders().getFirst("authorization")));
          reader.read(body(exchange));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
  }

  private static InputStream body(HttpExchange exchange) throws IOException {
    return "gzip".equals(exchange.getRequestHeaders().getFirst("content-encoding"))
        ? new GZIPInputStream(exchange.getRequestBody())
        : exchange.getRequestBody();
  }

  @AfterEach
  void stop() {
    collector.stop(0);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private String config(int scrape) {
    return TestGateway.builtIn()
        .replace(
            "bindings:",
            """
            telemetry:
              attributes: {service.name: tide, deployment.environment: test}
              metrics: [http.request.size, http.duration, http.active.requests, stream.opens.received]
              exporters:
                scrape: {type: prometheus, options: {endpoints: [{port: %d}]}}
                collect:
                  type: otlp
                  options:
                    interval: 1
                    signals: [metrics, logs, traces]
                    endpoint: {location: "http://127.0.0.1:%d"}
                    credentials: {headers: {authorization: Bearer key}}
            bindings:
            """
                .formatted(scrape, collector.getAddress().getPort()))
        .replace(
            """
              north_http:
                type: http
                kind: server
            """,
            """
              north_http:
                type: http
                kind: server
                telemetry:
                  metrics: [http.*, stream.*]
                  attributes: {method: "${http.request.method}", agent: "${http.request.x-agent}"}
            """);
  }

  @Test
  void aTraceGoesOnFromTheRequestIntoTheRecordAndBack() throws Exception {
    try (var gateway = TestGateway.start(data, config(freePort()))) {
      gateway.send("PUT", "/items/1", "{}", "traceparent", PARENT, "tracestate", "a=b");
      var read = gateway.send("GET", "/items/1", "");

      var record = TopicReader.all(gateway.kafka(), "items").getFirst();
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(spans()).extracting(Span::getName).contains("PUT"));
      var put = spans().stream().filter(span -> span.getName().equals("PUT")).toList();
      assertThat(put).hasSize(1);
      assertThat(hex(put.getFirst().getTraceId().toByteArray())).isEqualTo(TRACE);
      assertThat(hex(put.getFirst().getParentSpanId().toByteArray())).isEqualTo("b7ad6b7169203331");
      var ours = "00-" + TRACE + "-" + hex(put.getFirst().getSpanId().toByteArray()) + "-01";
      assertThat(header(record, "traceparent")).isEqualTo(ours);
      assertThat(header(record, "tracestate")).isEqualTo("a=b");
      assertThat(read.headers().firstValue("traceparent")).hasValue(ours);
    }
  }

  private List<Span> spans() {
    return traces.stream()
        .flatMap(request -> request.getResourceSpansList().stream())
        .flatMap(resource -> resource.getScopeSpansList().stream())
        .flatMap(scope -> scope.getSpansList().stream())
        .toList();
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  @Test
  void collectorsHearOfMetricsAndEvents() throws Exception {
    try (var gateway = TestGateway.start(data, config(freePort()))) {
      gateway.send("POST", "/echo", "hello");

      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> {
            assertThat(metricNames())
                .contains(
                    "http.server.duration", "http.server.request.size", "http.server.requests");
            assertThat(logs.toString()).contains("BINDING_HTTP_REQUEST_ACCEPTED", "POST http://");
          });
      assertThat(metrics.toString()).contains("deployment.environment", "tide");
      assertThat(authorizations).containsOnly("Bearer key");
    }
  }

  private List<String> metricNames() {
    return metrics.stream()
        .flatMap(request -> request.getResourceMetricsList().stream())
        .flatMap(resource -> resource.getScopeMetricsList().stream())
        .flatMap(scope -> scope.getMetricsList().stream())
        .map(metric -> metric.getName())
        .distinct()
        .toList();
  }

  @Test
  void prometheusFindsTheChosenMetricsUnderTheirLabels() throws Exception {
    int scrape = freePort();
    try (var gateway = TestGateway.start(data, config(scrape))) {
      gateway.send("POST", "/echo", "hello", "x-agent", "smith");
      for (int i = 0; i < 300; i++) {
        gateway.send("GET", "/echo", "", "x-agent", "a" + i);
      }

      var labels = "agent=\"smith\",binding=\"north_http\",method=\"POST\",namespace=\"tidegate\"";
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() ->
              assertThat(scraped(gateway, scrape))
                  .contains("http_request_size_bytes_sum{" + labels + "} 5.0")
                  .contains("http_request_size_bytes_bucket{" + labels + ",le=\"8.0\"} 1")
                  .contains("http_duration_milliseconds_count{" + labels + "} 1")
                  .contains("stream_opens_received_total{" + labels + "} 1.0")
                  .contains("http_active_requests{binding=\"north_http\",namespace=\"tidegate\"} 0")
                  .contains("agent=\"other\"")
                  .doesNotContain("agent=\"a299\"", "http_response_size"));
    }
  }

  @Test
  void theDashboardShowsOnlyWhatIsThere() throws Exception {
    int scrape = freePort();
    try (var gateway = TestGateway.start(data, config(scrape))) {
      gateway.send("PUT", "/items/1", "{}");
      gateway.text("/items");
      gateway.send("POST", "/topics/webhooks.a", "{}");
      TopicWriter.write(gateway.kafka(), "webhooks-out", "http://127.0.0.1:9/not-public", "{}");
      var shown = Pattern.compile("[a-z]+_[a-z_]+(?=\\{)").matcher(dashboard());
      var names = shown.results().map(MatchResult::group).distinct().toList();
      assertThat(names).hasSizeGreaterThan(15);
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> {
            var page = scraped(gateway, scrape);
            assertThat(names)
                .allSatisfy(name -> assertThat(page).containsPattern("\n" + name + "[{ ]"));
          });
    }
  }

  private static String dashboard() throws IOException {
    return Files.readString(Path.of("../docs/grafana/tidegate.json"));
  }

  private static String scraped(TestGateway gateway, int port) {
    var page = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build();
    return new String(gateway.send(page).body(), StandardCharsets.UTF_8);
  }
}
