package tidefs.server;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tidefs.cli.CommandException;
import tidefs.cli.ExitCode;
import tidefs.server.config.Configuration;
import tidefs.server.config.ConfigurationException;
import tidefs.server.config.Options;

/** The options of the commands that read the configuration. */
final class ServerOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration file (default: none; every key has a default).")
  private @Nullable Path config;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder that holds everything the server keeps (default: data).")
  private @Nullable String data;

  @Option(
      names = "--api",
      paramLabel = "ADDR:PORT",
      description = "Where the HTTP API listens (default: 127.0.0.1:8049).")
  private @Nullable String api;

  @Option(
      names = "--region",
      paramLabel = "REGION",
      description = "The AWS Region to play (default: us-east-1).")
  private @Nullable String region;

  @Option(
      names = "--account",
      paramLabel = "ID",
      description = "The AWS account to play: 12 digits (default: 000000000000).")
  private @Nullable String account;

  @Option(
      names = "--insecure-api",
      description = "Answer requests without checking signatures; on a loopback address only.")
  private boolean insecureApi;

  /** The configuration in effect. */
  Configuration configuration(boolean alwaysInsecure) {
    Options options =
        new Options(
            Optional.ofNullable(data),
            Optional.ofNullable(api),
            Optional.ofNullable(region),
            Optional.ofNullable(account),
            insecureApi || alwaysInsecure);
    try {
      return Configuration.load(Optional.ofNullable(config), options);
    } catch (ConfigurationException e) {
      throw new CommandException(
          ExitCode.USAGE, e.getMessage() + "\n(All keys, with their defaults: tidefs config)", e);
    }
  }
}
