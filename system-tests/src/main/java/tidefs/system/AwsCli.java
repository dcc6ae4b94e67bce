package tidefs.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Debian's AWS CLI, talking to a server that believes any signature. */
final class AwsCli {
  private static final String PROGRAM = "/usr/bin/aws";

  private final URI endpoint;

  AwsCli(URI endpoint) {
    this.endpoint = endpoint;
  }

  /** Calls an operation, whose words stand with spaces between; its output as text. */
  String call(String words, String... more) {
    List<String> command = new ArrayList<>(List.of(PROGRAM, "--endpoint-url", endpoint.toString()));
    command.addAll(List.of("--output", "text"));
    command.addAll(List.of(words.split(" +")));
    command.addAll(List.of(more));
    ProcessBuilder builder = Checkout.process("KILL", command);
    builder
        .environment()
        .putAll(
            Map.of(
                "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE",
                "AWS_SECRET_ACCESS_KEY", "any",
                "AWS_DEFAULT_REGION", "us-east-1",
                "AWS_EC2_METADATA_DISABLED", "true",
                "AWS_PAGER", ""));
    try {
      Process running = builder.redirectErrorStream(true).start();
      String output =
          new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      assertThat(running.waitFor()).as("aws %s: %s", words, output).isZero();
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException("is Debian's awscli installed?", e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
