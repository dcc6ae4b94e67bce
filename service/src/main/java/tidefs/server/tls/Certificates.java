package tidefs.server.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tidefs.base.Chance;
import tidefs.base.Clock;
import tidefs.server.config.TlsSettings;

/**
 * The certificate that the NFS port shows: the configured one, read again when its file changes, or
 * one of the server's own authority, made anew a month before it ends.
 */
public final class Certificates {
  /** The authority's certificate in its folder: what clients need. */
  public static final String CA_FILE = "ca.pem";

  private static final Duration RENEW_BEFORE = Duration.ofDays(30);

  private final Path folder;
  private final TlsSettings settings;
  private final List<String> names;
  private final FileWriter writer;
  private final Clock clock;
  private final Chance chance;
  private List<FileTime> loaded = List.of();

  /** Puts a file in place, readable for the server's user alone. */
  @FunctionalInterface
  public interface FileWriter {
    /** Whole and durable when it returns. */
    void write(Path file, byte[] bytes) throws IOException;
  }

  /**
   * Certificates kept in {@code folder}.
   *
   * @param region part of the names of file systems
   */
  public Certificates(
      Path folder,
      TlsSettings settings,
      String region,
      FileWriter writer,
      Clock clock,
      Chance chance) {
    this.folder = folder;
    this.settings = settings;
    this.writer = writer;
    this.clock = clock;
    this.chance = chance;
    List<String> all = new ArrayList<>();
    all.add("*.efs." + region + "." + settings.suffix());
    all.addAll(settings.names());
    names = List.copyOf(all);
  }

  /** The certificate to show now. */
  public synchronized Identity load() throws IOException, GeneralSecurityException {
    if (settings.certificate().isPresent() && settings.key().isPresent()) {
      loaded = changed(settings.certificate().get(), settings.key().get());
      Identity configured =
          new Identity(
              Pem.key(settings.key().get()), Pem.certificates(settings.certificate().get()));
      configured.checkPair();
      return configured;
    }
    Files.createDirectories(folder);
    Path file = folder.resolve("server.pem");
    if (Files.exists(file)) {
      Identity kept = new Identity(Pem.key(folder.resolve("server.key")), Pem.certificates(file));
      if (isFit(kept.chain().getFirst())) {
        return kept;
      }
    }
    Identity made = new Issuer(chance, clock.now()).server(authority(), names);
    write("server.key", Pem.of(made.key()));
    StringBuilder chain = new StringBuilder();
    for (X509Certificate each : made.chain()) {
      chain.append(Pem.of(each));
    }
    write("server.pem", chain.toString());
    return made;
  }

  /** Another certificate, if the one that was loaded last should be shown no longer. */
  public synchronized Optional<Identity> renewed(Identity shown)
      throws IOException, GeneralSecurityException {
    boolean due =
        (settings.certificate().isPresent() && settings.key().isPresent())
            ? !loaded.equals(changed(settings.certificate().get(), settings.key().get()))
            : !isFit(shown.chain().getFirst());
    return due ? Optional.of(load()) : Optional.empty();
  }

  /** When the files of a pair were changed: one may be replaced well before the other. */
  private static List<FileTime> changed(Path certificate, Path key) throws IOException {
    return List.of(Files.getLastModifiedTime(certificate), Files.getLastModifiedTime(key));
  }

  private boolean isFit(X509Certificate certificate) {
    Instant end = certificate.getNotAfter().toInstant();
    return clock.now().plus(RENEW_BEFORE).isBefore(end)
        && namesOf(certificate).equals(Set.copyOf(names));
  }

  private static Set<String> namesOf(X509Certificate certificate) {
    Set<String> found = new TreeSet<>();
    try {
      Collection<List<?>> all = certificate.getSubjectAlternativeNames();
      if (all != null) {
        all.forEach(name -> found.add(String.valueOf(name.get(1))));
      }
    } catch (GeneralSecurityException e) {
      found.clear(); // Not one of ours: another is made.
    }
    return found;
  }

  private Identity authority() throws IOException, GeneralSecurityException {
    Path certificate = folder.resolve(CA_FILE);
    if (Files.exists(certificate)) {
      return new Identity(Pem.key(folder.resolve("ca.key")), Pem.certificates(certificate));
    }
    Identity made = new Issuer(chance, clock.now()).authority("TideFS certificate authority");
    write("ca.key", Pem.of(made.key()));
    write(CA_FILE, Pem.of(made.chain().getFirst()));
    return made;
  }

  private void write(String name, String text) {
    try {
      writer.write(folder.resolve(name), text.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + folder.resolve(name), e);
    }
  }
}
