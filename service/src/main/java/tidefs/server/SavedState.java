package tidefs.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tidefs.backup.SealedEntries;
import tidefs.base.Blocking;
import tidefs.control.SavedResources;
import tidefs.iam.identity.Seal;
import tidefs.server.config.Configuration;
import tidefs.server.config.ConfigurationText;
import tidefs.server.copies.ServerState;
import tidefs.server.keys.FileSystemKeys;
import tidefs.server.keys.KeySources;
import tidefs.store.Entries;
import tidefs.store.MetadataStore;

/**
 * The state of this server. Its own key is not part of it: what is saved is sealed with that.
 *
 * @param system resources and users
 * @param monitoring metrics, alarms and topics
 * @param seal seals with that key
 */
record SavedState(
    MetadataStore system,
    MetadataStore monitoring,
    Path data,
    Configuration configuration,
    Seal seal)
    implements ServerState {
  private static final byte[] FIRST = {0};
  private static final byte[] LAST = {(byte) 0xff, (byte) 0xff};

  @Override
  public Instant now() {
    return new Pinned(this, system.snapshot(), monitoring.snapshot());
  }

  private record Pinned(
      SavedState of, MetadataStore.Snapshot system, MetadataStore.Snapshot monitoring)
      implements Instant {
    @Override
    public List<String> fileSystems() {
      List<String> found = new ArrayList<>();
      try (Entries all = system.scan(FIRST, LAST, Blocking.ALLOWED)) {
        while (all.next()) {
          SavedResources.contents(all.key(), all.value()).ifPresent(found::add);
        }
      }
      return found;
    }

    @Override
    public void write(SealedEntries.Writer to) throws IOException {
      write(to, RESOURCE, system);
      write(to, MONITORING, monitoring);
      // Data keys before the keys that they are wrapped with: these only gain versions.
      for (String each : fileSystems()) {
        file(to, each + "/" + FileSystemKeys.FILE);
      }
      file(to, KeySources.STORE);
      Path tls = TlsPort.folder(of.data);
      if (Files.isDirectory(tls)) {
        try (Stream<Path> files = Files.list(tls)) {
          for (Path each : files.filter(Files::isRegularFile).toList()) {
            file(to, of.data.relativize(each).toString());
          }
        }
      }
      String text = ConfigurationText.of(of.configuration);
      to.write(new SealedEntries.Entry(CONFIGURATION, new byte[0], bytes(text)));
    }

    private static void write(SealedEntries.Writer to, char kind, MetadataStore.Snapshot from)
        throws IOException {
      try (Entries all = from.scan(FIRST, LAST, Blocking.ALLOWED)) {
        while (all.next()) {
          to.write(new SealedEntries.Entry(kind, all.key(), all.value()));
        }
      }
    }

    private void file(SealedEntries.Writer to, String name) throws IOException {
      Path file = of.data.resolve(name);
      if (Files.exists(file)) {
        to.write(new SealedEntries.Entry(FILE, bytes(name), Files.readAllBytes(file)));
      }
    }

    private static byte[] bytes(String text) {
      return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
      try (system) {
        monitoring.close();
      }
    }
  }
}
