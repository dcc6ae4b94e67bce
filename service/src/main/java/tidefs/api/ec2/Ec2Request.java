package tidefs.api.ec2;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tidefs.api.Parameters;
import tidefs.api.ServiceError;
import tidefs.control.Tags;

/** The parameters of an EC2 request. */
final class Ec2Request {
  /** Values of one parameter or filter in one request, as EC2 allows. */
  private static final int VALUES = 200;

  private final Parameters parameters;

  Ec2Request(Parameters parameters) {
    this.parameters = parameters;
  }

  Optional<String> value(String name) {
    return parameters.first(name);
  }

  boolean flag(String name) {
    return value(name).filter("true"::equals).isPresent();
  }

  /** The values of {@code name.1}, {@code name.2} … */
  List<String> values(String name) {
    List<String> found = new ArrayList<>();
    for (int i = 1; i <= VALUES; i++) {
      Optional<String> value = value(name + "." + i);
      if (value.isEmpty()) {
        break;
      }
      found.add(value.get());
    }
    return found;
  }

  /** The filters, by name, each with the values of which one must fit. */
  Map<String, List<String>> filters() {
    Map<String, List<String>> found = new LinkedHashMap<>();
    for (int i = 1; i <= VALUES; i++) {
      Optional<String> name = value("Filter." + i + ".Name");
      if (name.isEmpty()) {
        break;
      }
      found.put(name.get(), values("Filter." + i + ".Value"));
    }
    return found;
  }

  /** A parameter that must be there. */
  String required(String name) throws ServiceError {
    Optional<String> value = value(name);
    if (value.isEmpty() || value.get().isEmpty()) {
      throw new ServiceError(
          400, "MissingParameter", "The request must contain the parameter " + name);
    }
    return value.get();
  }

  /** A whole number, or {@code otherwise}. */
  int number(String name, int otherwise) throws ServiceError {
    Optional<String> value = value(name);
    try {
      return value.isEmpty() ? otherwise : Integer.parseInt(value.get());
    } catch (NumberFormatException e) {
      throw new ServiceError(
          400,
          "InvalidParameterValue",
          "Value (" + value.get() + ") for parameter " + name + " is invalid.");
    }
  }

  /** The tags that a thing to be made of {@code resourceType} gets. */
  Tags tags(String resourceType) {
    Map<String, String> tags = new LinkedHashMap<>();
    for (int i = 1; i <= VALUES; i++) {
      String specification = "TagSpecification." + i;
      if (value(specification + ".ResourceType").filter(resourceType::equals).isEmpty()) {
        continue;
      }
      for (int j = 1; j <= VALUES; j++) {
        Optional<String> key = value(specification + ".Tag." + j + ".Key");
        String value = value(specification + ".Tag." + j + ".Value").orElse("");
        key.ifPresent(name -> tags.put(name, value));
      }
    }
    return new Tags(tags);
  }

  /** Ends a request that only asks whether it might be made. */
  void refuseIfDryRun() throws ServiceError {
    if (flag("DryRun")) {
      throw new ServiceError(
          412, "DryRunOperation", "Request would have succeeded, but DryRun flag is set.");
    }
  }
}
