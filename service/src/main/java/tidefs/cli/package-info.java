/**
 * The command line: what every command shares (help, errors, exit codes), and the commands that
 * talk to a running server over HTTP like any other client.
 *
 * <p>It may use {@code iam} to sign its requests, {@code base}, picocli and the JDK's HTTP client.
 * It knows nothing of the server's insides: commands that need them come from {@code server} and
 * are handed to {@link tidefs.cli.Cli}.
 */
@NullMarked
package tidefs.cli;

import org.jspecify.annotations.NullMarked;
