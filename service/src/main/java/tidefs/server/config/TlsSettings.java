package tidefs.server.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * TLS on the NFS port.
 *
 * @param enabled whether clients may have it
 * @param suffix what follows the Region in the names of file systems
 * @param names further names and addresses of the certificate that the server makes for itself
 * @param certificate a chain in PEM, the server's own first; without it the server makes its own
 * @param key the key of that certificate, in PEM (PKCS #8)
 */
public record TlsSettings(
    boolean enabled,
    String suffix,
    List<String> names,
    Optional<Path> certificate,
    Optional<Path> key) {
  static final String AUTO = "auto";

  /** Copies the list; refuses a certificate without a key. */
  public TlsSettings {
    names = List.copyOf(names);
    if (certificate.isPresent() != key.isPresent()) {
      throw new IllegalArgumentException("certificate and key are given together");
    }
  }

  static TlsSettings read(Section in) {
    boolean enabled = in.flag("enabled", true);
    String suffix = in.value("suffix", "amazonaws.com", TlsSettings::name);
    List<String> names = in.values("names", TlsSettings::name);
    Optional<Path> certificate = in.value("certificate", AUTO, TlsSettings::file);
    Optional<Path> key = in.value("key", AUTO, TlsSettings::file);
    TlsSettings settings = in.made(() -> new TlsSettings(enabled, suffix, names, certificate, key));
    in.end();
    return settings;
  }

  private static Optional<Path> file(String text) {
    return text.equals(AUTO) ? Optional.empty() : Optional.of(Path.of(text));
  }

  private static String name(String text) {
    if (!text.matches("[A-Za-z0-9*:]([A-Za-z0-9.:-]*[A-Za-z0-9:])?")) {
      throw new IllegalArgumentException("'" + text + "' is neither a DNS name nor an address");
    }
    return text;
  }
}
