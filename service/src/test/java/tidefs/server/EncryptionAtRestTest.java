package tidefs.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidefs.nfs4.op.Stability;
import tidefs.nfs4.op.Status;
import tidefs.testkit.NfsClient;
import tidefs.testkit.NfsFailure;
import tidefs.testkit.OpenFile;
import tidefs.testkit.XdrOut;

/** What a stolen data directory tells, and what a key that may not be used stops. */
final class EncryptionAtRestTest {
  private static final int LARGE_BYTES = 5 << 20;
  private static final int SETXATTR = 73;

  /** What is written, each under a word of its own that occurs nowhere else. */
  private static final Map<String, String> SECRETS =
      Map.of(
          "a directory's name", "Hauptwachtmeister",
          "a file's name", "Donaudampfschiffkapitaen",
          "a small file", "Rindfleischetikettierung",
          "a large file", "Grundstuecksverkehrsgenehmigung",
          "a link's target", "Vermoegenszuordnungsberechtigung",
          "an attribute's name", "Kraftfahrzeughaftpflicht",
          "an attribute's value", "Aufmerksamkeitsdefizit");

  @TempDir private Path folder;

  @Test
  void aStolenDataDirectoryHoldsNoPlaintext() throws Exception {
    try (ServerProcess server = new ServerProcess(folder, "")) {
      String secret = server.create("secret", ",\"Encrypted\":true");
      String open = server.create("open", "");
      fill(server, secret);
      fill(server, open);
      server.kill();
      search(server, secret, open);
      server.start();
      readBack(server, secret);
      readBack(server, open);
      server.stop();
      search(server, secret, open);
      assertThat(ServerProcess.run("fsck", server.data().toString()))
          .contains(secret + ": clean, 5 inodes")
          .contains(open + ": clean, 5 inodes");
      Files.delete(server.data().resolve("keys.sealed"));
      assertThat(ServerProcess.run("fsck", server.data().toString()))
          .contains(secret + ": NOT CHECKED: its data key is encrypted with arn:aws:kms:")
          .contains(open + ": clean, 5 inodes");
    }
  }

  private static void search(ServerProcess server, String secret, String open) throws IOException {
    for (Map.Entry<String, String> each : SECRETS.entrySet()) {
      assertThat(filesWith(server.data().resolve(open), each.getValue()))
          .as("%s of the unencrypted file system", each.getKey())
          .isNotEmpty();
      assertThat(filesWith(server.data().resolve(secret), each.getValue()))
          .as("%s of the encrypted file system", each.getKey())
          .isEmpty();
    }
  }

  private static List<Path> filesWith(Path place, String text) throws IOException {
    byte[] wanted = text.getBytes(UTF_8);
    List<Path> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(place)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (contains(Files.readAllBytes(file), wanted)) {
          found.add(file);
        }
      }
    }
    return found;
  }

  private static boolean contains(byte[] bytes, byte[] wanted) {
    for (int at = 0; at + wanted.length <= bytes.length; at++) {
      int i = 0;
      while (i < wanted.length && bytes[at + i] == wanted[i]) {
        i++;
      }
      if (i == wanted.length) {
        return true;
      }
    }
    return false;
  }

  private static byte[] large() {
    byte[] line = (SECRETS.get("a large file") + "\n").getBytes(UTF_8);
    byte[] bytes = new byte[LARGE_BYTES];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = line[i % line.length];
    }
    return bytes;
  }

  private static void fill(ServerProcess server, String fileSystem) throws Exception {
    try (NfsClient client = server.client(fileSystem)) {
      var directory = client.mkdir(client.root(), SECRETS.get("a directory's name"), 0755);
      OpenFile small = client.create(directory, SECRETS.get("a file's name"), 0600);
      byte[] text = SECRETS.get("a small file").getBytes(UTF_8);
      client.write(small, 0, Stability.FILE_SYNC, text);
      XdrOut attribute =
          new XdrOut()
              .int32(1)
              .text(SECRETS.get("an attribute's name"))
              .opaque(SECRETS.get("an attribute's value").getBytes(UTF_8));
      client
          .wire()
          .call(client.wire().compound().putFh(small.handle()).op(SETXATTR, attribute))
          .ok();
      OpenFile large = client.create(directory, "large", 0600);
      byte[] contents = large();
      for (int at = 0; at < contents.length; at += 1 << 20) {
        int end = Math.min(contents.length, at + (1 << 20));
        client.write(large, at, Stability.FILE_SYNC, Arrays.copyOfRange(contents, at, end));
      }
      client.symlink(directory, "link", SECRETS.get("a link's target"));
    }
  }

  private static void readBack(ServerProcess server, String fileSystem) throws Exception {
    try (NfsClient client = server.client(fileSystem)) {
      var directory = client.lookup(client.root(), SECRETS.get("a directory's name"));
      var small = client.lookup(directory, SECRETS.get("a file's name"));
      assertThat(client.readAll(small)).isEqualTo(SECRETS.get("a small file").getBytes(UTF_8));
      assertThat(client.readAll(client.lookup(directory, "large"))).isEqualTo(large());
      assertThat(client.readlink(client.lookup(directory, "link")))
          .isEqualTo(SECRETS.get("a link's target"));
    }
  }

  @Test
  void aKeyThatMayNotBeUsedStopsItsFileSystemAndNothingElse() throws Exception {
    try (ServerProcess server = new ServerProcess(folder, "")) {
      String key = server.kms("CreateKey", "{}").json().at("/KeyMetadata/KeyId").asString();
      String body = "{\"KeyId\":\"" + key + "\"}";
      String mine = server.create("mine", ",\"Encrypted\":true,\"KmsKeyId\":\"" + key + "\"");
      String other = server.create("other", ",\"Encrypted\":true");
      fill(server, mine);
      fill(server, other);
      try (NfsClient client = server.client(mine)) {
        var directory = client.lookup(client.root(), SECRETS.get("a directory's name"));
        assertThat(server.kms("RotateKeyOnDemand", body).status()).isEqualTo(200);
        assertThat(server.kms("DisableKey", body).status()).isEqualTo(200);
        ServerProcess.until(() -> isUnreadable(() -> client.stat(directory)));
        assertThat(isUnreadable(client::root)).isTrue();
        assertThat(server.kms("EnableKey", body).status()).isEqualTo(200);
        ServerProcess.until(() -> !isUnreadable(() -> client.stat(directory)));
      }
      readBack(server, mine);
      assertThat(server.kms("ScheduleKeyDeletion", body).status()).isEqualTo(200);
      server.kill();
      server.start();
      readBack(server, other);
      try (NfsClient client = server.client(mine)) {
        assertThat(isUnreadable(client::root)).isTrue();
      }
      assertThat(server.kms("CancelKeyDeletion", body).status()).isEqualTo(200);
      assertThat(server.kms("EnableKey", body).status()).isEqualTo(200);
      ServerProcess.until(() -> {
        try (NfsClient client = server.client(mine)) {
          return !isUnreadable(client::root);
        } catch (IOException | NfsFailure e) {
          return false; // The address is served anew.
        }
      });
      readBack(server, mine);
    }
  }

  /** Whether a call is answered with an I/O error; with another, the test has failed. */
  private static boolean isUnreadable(ThrowingCallable call) {
    try {
      call.call();
      return false;
    } catch (NfsFailure e) {
      assertThat(e.status()).isEqualTo(Status.IO);
      return true;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aWrongPassphraseIsToldAtTheStart() throws Exception {
    Path passphrase = Files.writeString(folder.resolve("passphrase"), "correct horse\n");
    String more = "encryption:\n  passphrase-file: " + passphrase + "\n";
    try (ServerProcess server = new ServerProcess(folder, more)) {
      String secret = server.create("secret", ",\"Encrypted\":true");
      fill(server, secret);
      server.stop();
      server.start();
      readBack(server, secret);
      server.stop();
      String config = server.config().toString();
      String data = server.data().toString();
      assertThat(ServerProcess.run("fsck", "--config", config, data)).contains(secret + ": clean");
      Path next = folder.resolve("next.yaml");
      Path other = Files.writeString(folder.resolve("other"), "battery staple\n");
      Files.writeString(next, "encryption:\n  passphrase-file: " + other + "\n");
      String to = next.toString();
      assertThat(ServerProcess.run("key", "reseal", "--config", config, "--to", to, data))
          .contains("is sealed with the root key of " + to);
      assertThat(ServerProcess.run("fsck", "--config", to, data)).contains(secret + ": clean");
      assertThat(ServerProcess.run("fsck", "--config", config, data))
          .contains("the passphrase is not the one of the key store");
      assertThatThrownBy(server::start).hasMessageContaining("the passphrase is not the one");
    }
  }
}
