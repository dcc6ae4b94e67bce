package tidefs.server.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidefs.base.Chance;
import tidefs.server.config.EncryptionSettings;

/** A key in SoftHSM, where that is installed; it is told its folder by the environment. */
final class Pkcs11RootTest {
  private static final Path LIBRARY = Path.of("/usr/lib/softhsm/libsofthsm2.so");
  private static final String JAVA = System.getProperty("java.home") + "/bin/";

  @TempDir private Path folder;

  @Test
  void aTokenSealsAndOpensTheKeyStore() throws Exception {
    assumeThat(LIBRARY).exists();
    Files.createDirectory(folder.resolve("tokens"));
    Files.writeString(folder.resolve("hsm"), "directories.tokendir = " + folder + "/tokens\n");
    Files.writeString(folder.resolve("pin"), "1234\n");
    Path configuration =
        Files.writeString(
            folder.resolve("token"),
            """
            name = test
            library = %s
            slotListIndex = 0
            attributes(*, CKO_SECRET_KEY, *) = {
              CKA_SENSITIVE = true
              CKA_EXTRACTABLE = false
              CKA_ENCRYPT = true
              CKA_DECRYPT = true
            }
            """
                .formatted(LIBRARY));
    run("softhsm2-util", "--init-token", "--free", "--label=t", "--pin=1234", "--so-pin=5678");
    String keytool = "-genseckey -keyalg AES -keysize 256 -alias tidefs -keystore NONE";
    String token = " -storetype PKCS11 -storepass 1234 -addprovider SunPKCS11 -providerarg ";
    run((JAVA + "keytool " + keytool + token + configuration).split(" "));
    assertThat(
            run(
                JAVA + "java",
                "-cp",
                System.getProperty("java.class.path"),
                Pkcs11RootTest.class.getName(),
                configuration.toString(),
                folder.resolve("pin").toString()))
        .contains("opened: the keys");
  }

  private String run(String... command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("SOFTHSM2_CONF", folder.resolve("hsm").toString());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), Charset.defaultCharset());
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  /** Seals in one session with a token and opens in another. */
  public static void main(String[] arguments) {
    EncryptionSettings.Pkcs11 settings =
        new EncryptionSettings.Pkcs11(Path.of(arguments[0]), "tidefs", Path.of(arguments[1]));
    byte[] sealed =
        Pkcs11Root.open(settings, Chance.system())
            .seal("the keys".getBytes(Charset.defaultCharset()));
    byte[] opened = Pkcs11Root.open(settings, Chance.system()).open(sealed);
    System.err.println("opened: " + new String(opened, Charset.defaultCharset()));
  }
}
