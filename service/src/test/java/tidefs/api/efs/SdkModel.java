package tidefs.api.efs;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.services.efs.EfsClient;

/** The service model of EFS, as the AWS SDK for Java carries it in its classes. */
final class SdkModel {
  private SdkModel() {}

  /** One operation: its shapes and the errors that it declares. */
  record Operation(String name, SdkPojo request, SdkPojo response, List<String> errors) {}

  /**
   * One member of a shape.
   *
   * @param path the names from the shape to the member; lists count with their elements
   */
  record Member(List<String> path, boolean inList, SdkField<?> field) {
    MarshallLocation location() {
      return field.location();
    }

    boolean isStructure() {
      return field.marshallingType() == MarshallingType.SDK_POJO;
    }

    boolean isText() {
      return field.marshallingType() == MarshallingType.STRING;
    }

    String name() {
      return String.join(".", path);
    }
  }

  /** All operations by name. */
  static Map<String, Operation> operations() {
    Map<String, Operation> found = new TreeMap<>();
    for (Method method : EfsClient.class.getMethods()) {
      boolean call =
          method.getParameterCount() == 1
              && SdkPojo.class.isAssignableFrom(method.getParameterTypes()[0])
              && SdkPojo.class.isAssignableFrom(method.getReturnType())
              && !Modifier.isStatic(method.getModifiers());
      if (call) {
        String name = method.getParameterTypes()[0].getSimpleName().replaceAll("Request$", "");
        List<String> errors = new ArrayList<>();
        for (Class<?> thrown : method.getExceptionTypes()) {
          if (thrown.getPackageName().endsWith(".efs.model")
              && !thrown.getSimpleName().equals("EfsException")) {
            errors.add(thrown.getSimpleName());
          }
        }
        found.put(
            name,
            new Operation(
                name,
                builder(method.getParameterTypes()[0]),
                builder(method.getReturnType()),
                errors));
      }
    }
    return found;
  }

  private static SdkPojo builder(Class<?> shape) {
    try {
      return (SdkPojo) shape.getMethod("builder").invoke(null);
    } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
      throw new AssertionError(e);
    }
  }

  /** Every member of a shape, those of its structures too. */
  static List<Member> members(SdkPojo shape) {
    List<Member> found = new ArrayList<>();
    gather(shape, List.of(), found);
    return found;
  }

  private static void gather(SdkPojo shape, List<String> path, List<Member> found) {
    for (SdkField<?> field : shape.sdkFields()) {
      List<String> at = new ArrayList<>(path);
      at.add(field.locationName());
      Optional<SdkField<?>> element = element(field);
      found.add(new Member(at, element.isPresent(), field));
      SdkField<?> inner = element.orElse(field);
      if (inner.marshallingType() == MarshallingType.SDK_POJO) {
        gather(inner.constructor().get(), at, found);
      }
    }
  }

  private static Optional<SdkField<?>> element(SdkField<?> field) {
    return field.marshallingType() == MarshallingType.LIST
        ? Optional.of(field.getTrait(ListTrait.class).memberFieldInfo())
        : Optional.empty();
  }

  /** The members of a reply that are there, by path. */
  static Map<String, Object> present(SdkPojo reply) {
    Map<String, Object> found = new LinkedHashMap<>();
    present(reply, "", found);
    return found;
  }

  private static void present(SdkPojo shape, String path, Map<String, Object> found) {
    for (SdkField<?> field : shape.sdkFields()) {
      Object value = field.getValueOrDefault(shape);
      String at = path + field.locationName();
      if (value instanceof List<?> list) {
        if (!list.isEmpty()) {
          found.put(at, list);
        }
        for (Object element : list) {
          if (element instanceof SdkPojo structure) {
            present(structure, at + ".", found);
          }
        }
      } else if (value != null) {
        found.put(at, value);
        if (value instanceof SdkPojo structure) {
          present(structure, at + ".", found);
        }
      }
    }
  }
}
