package tidefs.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.base.Chance;
import tidefs.base.Clock;
import tidefs.cli.CommandException;
import tidefs.cli.ExitCode;
import tidefs.rpc.TlsPolicy;
import tidefs.rpc.TlsTermination;
import tidefs.server.config.Configuration;
import tidefs.server.keys.KeyFile;
import tidefs.server.tls.Certificates;
import tidefs.server.tls.Identity;

/** TLS on the NFS port, with a certificate that is renewed while the server runs. */
final class TlsPort {
  private static final Logger log = LoggerFactory.getLogger(TlsPort.class);

  private final Certificates certificates;
  private final TlsTermination termination;
  private Identity shown;

  private TlsPort(Certificates certificates, Identity shown) {
    this.certificates = certificates;
    this.shown = shown;
    termination = new TlsTermination(shown.key(), shown.chain());
  }

  /** The folder of the server's own certificates. */
  static Path folder(Path data) {
    return data.resolve("tls");
  }

  /** TLS as the configuration wants it; none if it does not. */
  static Optional<TlsPort> open(Configuration of, Path data, Clock clock, Chance chance) {
    if (!of.tls().enabled()) {
      return Optional.empty();
    }
    Certificates certificates =
        new Certificates(
            folder(data), of.tls(), of.account().region(), KeyFile::write, clock, chance);
    try {
      return Optional.of(new TlsPort(certificates, certificates.load()));
    } catch (IOException
        | UncheckedIOException
        | GeneralSecurityException
        | IllegalArgumentException e) {
      throw new CommandException(
          ExitCode.FAILED,
          "the certificate for TLS cannot be used: "
              + e.getMessage()
              + ". See tls.certificate and tls.key of the configuration,"
              + " or set tls.enabled: false.",
          e);
    }
  }

  /** What becomes of connections that begin with TLS. */
  TlsPolicy policy() {
    return termination;
  }

  /** Shows another certificate, if it is time or the configured one has changed. */
  void renew() {
    try {
      Optional<Identity> next = certificates.renewed(shown);
      if (next.isPresent()) {
        termination.renew(next.get().key(), next.get().chain());
        shown = next.get();
      }
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      log.atError().setCause(e).log("The TLS certificate could not be renewed; the old one stays");
    }
  }
}
