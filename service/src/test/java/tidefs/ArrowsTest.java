package tidefs;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.base.DescribedPredicate.or;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tidefs.store.MetadataStore;
import tidefs.store.StoreFault;

/**
 * Which package may use which: one test for each row of the table in {@code docs/architecture.md},
 * with its reason. Packages that do not exist yet pass.
 */
final class ArrowsTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new DoNotIncludeTests())
          .importPackages(ArrowsTest.class.getPackageName());

  private static final JavaClasses ALL =
      new ClassFileImporter().importPackages(ArrowsTest.class.getPackageName());

  @Test
  void baseUsesTheJdkAlone() {
    mayUse("base", "everything leans on it");
  }

  @Test
  void xdrKnowsNoProtocol() {
    mayUse("xdr", "it is an encoding, whatever is encoded");
  }

  @Test
  void rpcKnowsNoProgram() {
    mayUse("rpc", "any RPC program can be served by it", "xdr", "base");
  }

  @Test
  void theWireOfNfsIsNothingButTheWire() {
    mayUse("nfs4.op", "a codec can be read against the RFC only if it does nothing else", "xdr");
  }

  @Test
  void nfsDoesNotKnowWhoConfiguresIt() {
    String why = "the data plane compiles and runs without the control plane";
    mayUse("nfs4", why, "rpc", "xdr", "fs", "store", "metrics", "base");
  }

  @Test
  void nfsWaitsForTheStoreAndDoesNothingElseWithIt() {
    noClasses()
        .that()
        .resideInAPackage("tidefs.nfs4..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("tidefs.store..")
                .and(not(equivalentTo(MetadataStore.class)))
                .and(not(equivalentTo(MetadataStore.DurabilityListener.class)))
                .and(not(assignableTo(StoreFault.class))))
        .because("replies wait until what they tell is durable; contents are the file system's")
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void theFileSystemKnowsNoProtocol() {
    mayUse("fs", "it outlives the protocols that serve it", "store", "metrics", "base");
  }

  @Test
  void copiesAreMadeThroughTheFileSystem() {
    mayUse("replica", "how messages travel is the caller's", "fs", "base");
    mayUse("backup", "a copy outlives the store that it was taken from", "fs", "base");
  }

  @Test
  void storeDoesNotKnowItsDrivers() {
    noClasses()
        .that()
        .resideInAPackage("tidefs.store")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("tidefs.store.*..")
        .because("a driver can be added without touching what stands on the seam")
        .allowEmptyShould(true)
        .check(CLASSES);
    mayUse("store", "it holds bytes for whoever comes", "base");
  }

  @Test
  void encryptionKnowsNoDriver() {
    mayUse("store.crypt", "it stands between any file system and any driver", "store", "base");
  }

  @Test
  void driversDoNotKnowEachOther() {
    slices()
        .matching("tidefs.store.(*)..")
        .should()
        .notDependOnEachOther()
        .because("each is chosen alone")
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void metricsIsUsedAndUsesNothing() {
    mayUse("metrics", "everything may count", "base");
  }

  @Test
  void controlKnowsNeitherHttpNorNfs() {
    mayUse(
        "control",
        "resources are the same by whatever way they come",
        "store",
        "metrics",
        "fs",
        "base");
  }

  @Test
  void iamIsArithmetic() {
    mayUse("iam", "who may do what is decided without I/O", "base");
  }

  @Test
  void apiReachesDataOnlyThroughControl() {
    mayUse(
        "api", "an API call changes resources, never files", "control", "iam", "metrics", "base");
  }

  @Test
  void theCommandLineIsAClientLikeAnyOther() {
    mayUse("cli", "what it can do, anyone can do over the API", "iam", "base");
  }

  @Test
  void theLoadGeneratorKnowsNothingOfTheServer() {
    mayUse("bench", "it measures what any client would see", "base");
  }

  @Test
  void onlyMainUsesTheServer() {
    noClasses()
        .that()
        .resideOutsideOfPackages("tidefs", "tidefs.server..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("tidefs.server..")
        .because("the composition root knows all and is known by none")
        .check(CLASSES);
  }

  @Test
  void packagesFormNoCycle() {
    slices().matching("tidefs.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void librariesStayWhereTheyAreNeeded() {
    library("io.netty..", "xdr", "rpc", "nfs4", "server.dns");
    library("org.rocksdb..", "store");
    library("org.eclipse.jetty..", "api");
    library("tools.jackson..", "api", "cli", "control", "iam", "server.keys", "server.copies");
    library("picocli..", "bench", "cli", "server");
    library("org.HdrHistogram..", "bench");
    library("jakarta.mail..", "control");
    library("org.snakeyaml..", "server");
  }

  @Test
  void timeAndChanceComeFromBase() {
    noClasses()
        .that()
        .resideOutsideOfPackage("tidefs.base..")
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(Math.class, "random")
        .orShould()
        .callConstructor(Random.class)
        .orShould()
        .callMethod(ThreadLocalRandom.class, "current")
        .because("a test must be able to drive time and to replay chance")
        .check(ALL);
    noClasses()
        .that()
        .resideOutsideOfPackage("tidefs.base..")
        .should()
        .callConstructor(Random.class, long.class)
        .because("a seeded generator is for tests")
        .check(CLASSES);
  }

  @Test
  void onlyTheCommandLineSpeaksToTheTerminal() {
    noClasses()
        .that()
        .resideOutsideOfPackage("tidefs.cli..")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .because("a server speaks through its log")
        .check(CLASSES);
  }

  /** Checks that a package and those below it use nothing of ours but what is named here. */
  private static void mayUse(String owner, String because, String... used) {
    String[] allowed =
        Stream.concat(Stream.of(owner), Stream.of(used))
            .map(name -> "tidefs." + name + "..")
            .toArray(String[]::new);
    classes()
        .that()
        .resideInAPackage("tidefs." + owner + "..")
        .should()
        .onlyDependOnClassesThat(
            or(resideOutsideOfPackage("tidefs.."), resideInAnyPackage(allowed)))
        .because(because)
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  /** Checks that only the packages named here use a library. */
  private static void library(String library, String... users) {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            Stream.of(users).map(name -> "tidefs." + name + "..").toArray(String[]::new))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .because("a library that is used in one place can be exchanged there")
        .check(CLASSES);
  }
}
