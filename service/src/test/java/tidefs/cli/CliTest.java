package tidefs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CliTest {
  private static final String SUBNETS =
      """
      <DescribeSubnetsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
        <requestId>1</requestId>
        <subnetSet>
          <item>
            <subnetId>subnet-11111111</subnetId><vpcId>vpc-11111111</vpcId>
            <availabilityZone>us-east-1a</availabilityZone><cidrBlock>127.0.1.0/24</cidrBlock>
            <availableIpAddressCount>251</availableIpAddressCount>
            <tagSet><item><key>Name</key><value>a &amp; b</value></item></tagSet>
          </item>
          <item><subnetId>subnet-22222222</subnetId></item>
        </subnetSet>
      </DescribeSubnetsResponse>
      """;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @ValueSource(strings = {"", "version", "subnets", "mount", "unmount"})
  void everyCommandHelps(String command) {
    String[] arguments = (command + " --help").strip().split(" ");
    assertThat(run(arguments)).isZero();
    assertThat(out.toString()).startsWith("Usage: tidefs").containsAnyOf("Example:", "Start here:");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void noCommandShowsTheCommands() {
    assertThat(run()).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).startsWith("Usage: tidefs").contains("subnets");
  }

  @Test
  void aMistypedCommandIsExplained() {
    assertThat(run("subnet")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("Did you mean", "tidefs subnets");
  }

  @Test
  void anUnknownOptionPointsToTheHelp() {
    assertThat(run("version", "--colour")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("'--colour'");
  }

  @Test
  void versionsArePrinted() {
    assertThat(run("version")).isZero();
    assertThat(out.toString()).contains("TideFS ", "Java 25");
  }

  @Test
  void aMissingServerIsExplained() {
    assertThat(run("subnets", "--endpoint-url", "http://127.0.0.1:1")).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString())
        .startsWith("tidefs: no server answers at http://127.0.0.1:1. Start one with 'tidefs up'");
  }

  @Test
  void subnetsAreListed() throws IOException {
    AtomicReference<Map<String, List<String>>> headers = new AtomicReference<>(Map.of());
    HttpServer server = server(200, SUBNETS, headers);
    try {
      assertThat(run("subnets", "--endpoint-url", url(server), "--region", "eu-west-1")).isZero();
    } finally {
      server.stop(0);
    }
    assertThat(out.toString().lines().toList())
        .hasSize(3)
        .satisfies(lines ->
            assertThat(lines.get(1).split(" +"))
                .containsExactly(
                    "subnet-11111111", "vpc-11111111", "us-east-1a", "127.0.1.0/24", "251"));
    assertThat(headers.get().get("Authorization").getFirst())
        .contains("/eu-west-1/ec2/aws4_request");
  }

  @Test
  void anErrorOfTheServerIsShown() throws IOException {
    HttpServer server = server(403, "no", new AtomicReference<>(Map.of()));
    try {
      assertThat(run("subnets", "--endpoint-url", url(server))).isEqualTo(ExitCode.FAILED);
    } finally {
      server.stop(0);
    }
    assertThat(err.toString()).contains("answered 403: no");
  }

  private int run(String... arguments) {
    return new Cli().run(new PrintWriter(out), new PrintWriter(err), arguments);
  }

  private static String url(HttpServer server) {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private static HttpServer server(
      int status, String body, AtomicReference<Map<String, List<String>>> headers)
      throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          headers.set(Map.copyOf(exchange.getRequestHeaders()));
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    return server;
  }
}
