package tidefs.api.efs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tidefs.api.efs.SdkModel.Member;
import tidefs.api.efs.SdkModel.Operation;

/** The text of {@code docs/compatibility.md}. */
final class CompatibilityDocument {
  private CompatibilityDocument() {}

  static String text() {
    StringBuilder out = new StringBuilder();
    out.append(
        """
        # Compatibility with the EFS API

        A test compares the EFS API (2015-02-01) as the AWS SDK for Java describes it with what this server does, and writes
        this file: `mvn test -Dtest=CompatibilityTest -Dtidefs.write-docs=true`. It fails on any member of any request or
        reply that is neither handled nor named here.

        | Operation | Members of the request | Members of the reply | Errors |
        |---|---|---|---|
        """);
    for (Operation operation : SdkModel.operations().values()) {
      if (!Unsupported.OPERATIONS.containsKey(operation.name())) {
        row(out, operation);
      }
    }
    section(out, "Operations that are not served", Unsupported.OPERATIONS);
    section(out, "Members of requests that are not read", Unsupported.REQUEST_MEMBERS);
    section(out, "Members of replies that are never there", Unsupported.RESPONSE_MEMBERS);
    section(out, "Errors that are never answered", Unsupported.ERRORS);
    return out.toString();
  }

  private static void row(StringBuilder out, Operation operation) {
    List<String> errors = new ArrayList<>(operation.errors());
    errors.removeAll(Unsupported.ERRORS.keySet());
    out.append("| ")
        .append(operation.name())
        .append(" | ")
        .append(members(operation.name(), operation.request(), Unsupported.REQUEST_MEMBERS))
        .append(" | ")
        .append(members(operation.name(), operation.response(), Unsupported.RESPONSE_MEMBERS))
        .append(" | ")
        .append(String.join(", ", errors.stream().sorted().toList()))
        .append(" |\n");
  }

  private static String members(
      String operation, software.amazon.awssdk.core.SdkPojo shape, Map<String, String> without) {
    List<String> names = new ArrayList<>();
    for (Member member : SdkModel.members(shape)) {
      if (!without.containsKey(operation + "." + member.name())) {
        names.add(member.name());
      }
    }
    return String.join(", ", names);
  }

  private static void section(StringBuilder out, String title, Map<String, String> entries) {
    out.append("\n## ").append(title).append("\n\n");
    entries.forEach(
        (name, reason) -> out.append("- `").append(name).append("`: ").append(reason).append('\n'));
  }
}
