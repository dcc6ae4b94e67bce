package tidefs.cli;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code tidefs} command with its subcommands. */
public final class Cli {
  private final CommandLine commandLine;

  /** The commands of this package and {@code more}: objects annotated with {@link Command}. */
  public Cli(Object... more) {
    this(new LinuxHost(), more);
  }

  /** The same, mounting on {@code host}. */
  Cli(Host host, Object... more) {
    commandLine = new CommandLine(new Tidefs());
    for (Object command : more) {
      commandLine.addSubcommand(command);
    }
    commandLine.addSubcommand(new MountCommand(host));
    commandLine.addSubcommand(new UnmountCommand(host));
    commandLine.addSubcommand(new ForwardCommand());
    commandLine.addSubcommand(new BackupCommand());
    commandLine.addSubcommand(new EventsCommand());
    commandLine.addSubcommand(new IamCommand.Iam());
    commandLine.addSubcommand(new KmsCommand());
    commandLine.addSubcommand(new LifecycleCommand());
    commandLine.addSubcommand(new SubnetsCommand());
    commandLine.addSubcommand(new VersionCommand());
    commandLine.setUsageHelpAutoWidth(true);
    commandLine.setParameterExceptionHandler(Cli::explain);
    commandLine.setExecutionExceptionHandler((failure, command, parsed) -> {
      if (failure instanceof CommandException expected) {
        command.getErr().println("tidefs: " + expected.getMessage());
        return expected.exitCode();
      }
      command.getErr().println("tidefs: this is a bug; please report it with these lines:");
      failure.printStackTrace(command.getErr());
      return ExitCode.BUG;
    });
  }

  /** Runs the command that {@code arguments} name and returns the exit status. */
  public int run(PrintWriter out, PrintWriter err, String... arguments) {
    commandLine.setOut(out);
    commandLine.setErr(err);
    int status = commandLine.execute(arguments);
    out.flush();
    err.flush();
    return status;
  }

  /** Runs a command on the process's own streams. */
  public int run(String... arguments) {
    return run(writer(System.out), writer(System.err), arguments);
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, stream.charset()), true);
  }

  private static int explain(ParameterException wrong, String[] arguments) {
    CommandLine command = wrong.getCommandLine();
    command.getErr().println("tidefs: " + wrong.getMessage());
    if (!CommandLine.UnmatchedArgumentException.printSuggestions(wrong, command.getErr())) {
      command.getErr().println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
    }
    return ExitCode.USAGE;
  }

  @Command(
      name = "tidefs",
      description = "An elastic shared file service with the interfaces of Amazon EFS.",
      scope = ScopeType.INHERIT,
      mixinStandardHelpOptions = true,
      versionProvider = VersionCommand.class,
      synopsisSubcommandLabel = "COMMAND",
      footer = {
        "",
        "Start here:   tidefs up",
        "",
        "Exit status:  0 done; 1 failed, or damage found; 2 wrong usage or configuration;",
        "              69 no Java 25 or Maven; 70 a bug, or the build failed.",
        "Environment:  TIDEFS_JAVA_HOME  the JDK to run on",
        "              TIDEFS_JAVA_OPTS  JVM options of serve, up and fsck, such as -Xmx2g",
        "              TIDEFS_ENDPOINT_URL  the server that client commands talk to",
      })
  private static final class Tidefs implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
      CommandLine tidefs = Objects.requireNonNull(spec).commandLine();
      tidefs.usage(tidefs.getErr());
      return ExitCode.USAGE;
    }
  }
}
