package tidefs.system;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One workload on one version of NFS; written {@code git on 4.1}.
 *
 * @param version 4.2, 4.1 or 4.0
 */
record Case(String workload, String version) {
  /**
   * Every workload on the versions it is for, or those of them that the system property {@code
   * only} names: a regular expression found in what a case is written as.
   */
  static Stream<Case> each(String... workloads) {
    Pattern only = Pattern.compile(System.getProperty("only", ""));
    return Stream.of(workloads)
        .flatMap(workload -> versions(workload).map(version -> new Case(workload, version)))
        .filter(chosen -> only.matcher(chosen.toString()).find());
  }

  private static Stream<String> versions(String workload) {
    return switch (workload) {
      case "extensions", "copies" -> Stream.of("4.2");
      default -> Stream.of("4.1", "4.0");
    };
  }

  /** The workload's command line for a file system. */
  List<String> command(Server.Export export) {
    return switch (workload) {
      case "posix", "quick" -> List.of(workload, export.size());
      default -> List.of(workload);
    };
  }

  @Override
  public String toString() {
    return workload + " on " + version;
  }
}
