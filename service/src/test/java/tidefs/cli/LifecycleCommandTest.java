package tidefs.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LifecycleCommandTest {
  private static final String PATH = "/2015-02-01/file-systems/fs-1/lifecycle-configuration";
  private static final String STATUS =
      """
      {"FileSystemId": "fs-1", "StorageClasses": [
        {"StorageClass": "STANDARD", "Bytes": 6144, "MovedFiles": 0, "MovedBytes": 0},
        {"StorageClass": "INFREQUENT_ACCESS", "Bytes": 9, "MovedFiles": 7, "MovedBytes": 8}],
       "Moving": false, "Failures": 2, "LastFault": "a bucket cannot be reached",
       "AccessesKnown": false}
      """;
  private static final String PLAN =
      """
      {"FileSystemId": "fs-1", "FreedBytes": 4096, "Moves": [
        {"StorageClass": "STANDARD", "Files": 0, "Bytes": 0},
        {"StorageClass": "ARCHIVE", "Files": 3, "Bytes": 12288}]}
      """;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
  @TempDir private Path folder;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().toString();
          String sent = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
          calls.add((exchange.getRequestMethod() + " " + path + " " + sent).strip());
          String answer = path.endsWith("/plan") ? PLAN : path.endsWith("fs-1") ? STATUS : "{}";
          byte[] bytes = answer.getBytes(UTF_8);
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("lifecycle"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--endpoint-url", "http://127.0.0.1:" + server.getAddress().getPort()));
    return new Cli().run(new PrintWriter(out), new PrintWriter(err), all.toArray(String[]::new));
  }

  private int put(String document) throws IOException {
    Path file = Files.writeString(folder.resolve("document"), document);
    return run("put", "fs-1", "--file", file.toString());
  }

  @Test
  void theFormOfTheApiIsSentAsItIs() throws IOException {
    String document = "{\"LifecyclePolicies\":[{\"TransitionToIA\":\"AFTER_30_DAYS\"}]}";
    assertThat(put(document)).isZero();
    assertThat(put("[{\"TransitionToIA\":\"AFTER_30_DAYS\"}]")).isZero();
    assertThat(calls).hasSize(2).containsOnly("PUT " + PATH + " " + document);
  }

  @Test
  void rulesWithDaysAreTranslated() throws IOException {
    String document =
        """
        {"rules": [{"transitions": [{"days": 30, "storageClass": "IA"}]},
                   {"transitions": [{"days": 90, "storageClass": "ARCHIVE"}]}]}
        """;
    assertThat(put(document)).isZero();
    assertThat(calls)
        .containsExactly(
            "PUT "
                + PATH
                + " {\"LifecyclePolicies\":[{\"TransitionToIA\":\"AFTER_30_DAYS\"},"
                + "{\"TransitionToArchive\":\"AFTER_90_DAYS\"}]}");
  }

  @ParameterizedTest
  @CsvSource({
    "1, AFTER_1_DAY", "7, AFTER_7_DAYS", "14, AFTER_14_DAYS", "30, AFTER_30_DAYS",
    "60, AFTER_60_DAYS", "90, AFTER_90_DAYS", "180, AFTER_180_DAYS", "270, AFTER_270_DAYS",
    "365, AFTER_365_DAYS"
  })
  void everyNumberOfDaysThatEfsHasIsTaken(int days, String value) throws IOException {
    assertThat(put(rule(days, "IA"))).isZero();
    assertThat(calls.getFirst()).contains("\"TransitionToIA\":\"" + value + "\"");
  }

  private static String rule(int days, String storageClass) {
    return "{\"rules\":[{\"transitions\":[{\"days\":%d,\"storageClass\":\"%s\"}]}]}"
        .formatted(days, storageClass);
  }

  @Test
  void otherDaysAreRefusedWithThoseThatThereAre() throws IOException {
    assertThat(put(rule(45, "IA"))).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString())
        .contains("45 days; EFS has [1, 7, 14, 30, 60, 90, 180, 270, 365] (")
        .contains("AFTER_1_DAY, AFTER_7_DAYS");
    assertThat(calls).isEmpty();
  }

  @Test
  void whatIsNoConfigurationIsRefused() throws IOException {
    assertThat(put(rule(30, "GLACIER"))).isEqualTo(ExitCode.USAGE);
    assertThat(put("{\"rules\":[{}]}")).isEqualTo(ExitCode.USAGE);
    assertThat(put("{\"policies\":[]}")).isEqualTo(ExitCode.USAGE);
    assertThat(put("{")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString())
        .contains(
            "names the storage class 'GLACIER'; there are IA and ARCHIVE",
            "has a rule without 'transitions'",
            "has neither LifecyclePolicies nor rules",
            "is not JSON: ");
    assertThat(calls).isEmpty();
  }

  @Test
  void aConfigurationIsPrinted() {
    assertThat(run("get", "fs-1")).isZero();
    assertThat(calls).containsExactly("GET " + PATH);
  }

  @Test
  void theStatusTellsClassesAndFailures() {
    assertThat(run("status", "fs-1")).isZero();
    assertThat(calls).containsExactly("GET /tidefs/lifecycle/fs-1");
    assertThat(out.toString().lines().map(line -> line.replaceAll(" +", " ")).toList())
        .containsExactly(
            "class bytes files moved bytes moved",
            "standard 6144 0 0",
            "infrequent-access 9 7 8",
            "2 moves failed; the last: a bucket cannot be reached",
            "files from before there was a configuration are still looked at");
  }

  @Test
  void aDryRunTellsWhatWouldMoveAndWhatThatSaves() {
    assertThat(run("status", "fs-1", "--dry-run")).isZero();
    assertThat(calls).hasSize(2).last().isEqualTo("GET /tidefs/lifecycle/fs-1/plan");
    assertThat(out.toString())
        .contains("would move 3 files, 12288 bytes, to archive")
        .contains("would save 4096 bytes in Standard")
        .doesNotContain("to standard");
  }

  @Test
  void allFilesAreMovedToAClassThatThereIs() {
    assertThat(run("move", "fs-1", "--to", "ia")).isZero();
    assertThat(run("move", "fs-1", "--to", "glacier")).isEqualTo(ExitCode.USAGE);
    assertThat(calls).containsExactly("POST /tidefs/lifecycle/fs-1/move/INFREQUENT_ACCESS");
    assertThat(err.toString()).contains("--to is standard, ia or archive");
  }
}
