import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.util.VersionInfo;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.efs.EfsClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Carries out cases/*.json with the AWS SDK for Java v2, unmodified and with real signatures.
 * Usage: java -cp LIBRARIES EfsCases.java CLIENTS-FOLDER ENDPOINT, with the keys in the environment
 * as efs_cases.py has them.
 */
final class EfsCases {
  private static final long PATIENCE_NANOS = 90_000_000_000L;
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Pattern NAME = Pattern.compile("\\$\\{(\\w+)}");

  private final Map<String, EfsClient> clients = new HashMap<>();
  private final Map<String, Object> kept = new HashMap<>();
  private final JsonNode statuses;

  private EfsCases(JsonNode statuses, URI endpoint) {
    this.statuses = statuses;
    String key = System.getenv("AWS_ACCESS_KEY_ID");
    String secret = System.getenv("AWS_SECRET_ACCESS_KEY");
    String stranger = System.getenv("STRANGER_ACCESS_KEY_ID");
    clients.put("administrator", client(endpoint, key, secret));
    String theirs = System.getenv("STRANGER_SECRET_ACCESS_KEY");
    clients.put("stranger", client(endpoint, stranger, theirs));
    clients.put("forger", client(endpoint, key, "x".repeat(40)));
    clients.put("unknown", client(endpoint, "AKIAIOSFODNN7EXAMPLE", secret));
  }

  private static EfsClient client(URI endpoint, String key, String secret) {
    return EfsClient.builder()
        .endpointOverride(endpoint)
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create(key, secret)))
        .overrideConfiguration(it -> it.retryStrategy(AwsRetryStrategy.doNotRetry()))
        .httpClientBuilder(ApacheHttpClient.builder())
        .build();
  }

  static void main(String[] arguments) throws IOException, InterruptedException {
    Path folder = Path.of(arguments[0]);
    EfsCases cases =
        new EfsCases(
            JSON.readTree(Files.readString(folder.resolve("statuses.json"))),
            URI.create(arguments[1]));
    int passed = 0;
    List<Path> files;
    try (Stream<Path> found = Files.list(folder.resolve("cases"))) {
      files = found.sorted().toList();
    }
    for (Path file : files) {
      JsonNode steps = JSON.readTree(Files.readString(file));
      for (int i = 0; i < steps.size(); i++) {
        String problem = cases.settled(steps.get(i));
        if (!problem.isEmpty()) {
          System.err.printf("FAILED: %s, case %d, %s: %s%n", file, i + 1, steps.get(i), problem);
          System.exit(1);
        }
        passed++;
      }
    }
    System.out.printf(
        "%d cases passed with the AWS SDK for Java %s%n", passed, VersionInfo.SDK_VERSION);
  }

  private String settled(JsonNode step) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    String problem = problem(step);
    while (!problem.isEmpty() && step.has("wait") && System.nanoTime() < deadline) {
      Thread.sleep(200);
      problem = problem(step);
    }
    return problem;
  }

  /** Why the case does not hold; empty if it does. */
  private String problem(JsonNode step) {
    String wanted = step.path("error").asString("");
    SdkPojo reply;
    try {
      reply = call(step);
    } catch (AwsServiceException e) {
      String code = e.awsErrorDetails().errorCode();
      if (!code.equals(wanted)) {
        return "refused with " + code + ": " + e.getMessage();
      }
      if (e.statusCode() != statuses.get(wanted).asInt()) {
        return wanted + " came with status " + e.statusCode();
      }
      return differing(e, step.path("carries"));
    }
    if (!wanted.isEmpty()) {
      return "succeeded";
    }
    String problem = differing(reply, step.path("gives"));
    if (problem.isEmpty()) {
      problem = differing(reply, step.path("newer-gives"));
    }
    if (problem.isEmpty()) {
      for (Map.Entry<String, JsonNode> each : step.path("keep").properties()) {
        kept.put(each.getKey(), at(reply, each.getValue().asString()));
      }
    }
    return problem;
  }

  private SdkPojo call(JsonNode step) {
    String call = step.get("call").asString();
    EfsClient client = clients.get(step.path("as").asString("administrator"));
    for (Method method : EfsClient.class.getMethods()) {
      Class<?>[] types = method.getParameterTypes();
      if (types.length == 1 && types[0].getSimpleName().equals(call + "Request")) {
        try {
          SdkPojo builder = (SdkPojo) types[0].getMethod("builder").invoke(null);
          fill(builder, step.get("with"));
          return (SdkPojo) method.invoke(client, built(builder));
        } catch (InvocationTargetException e) {
          if (e.getCause() instanceof AwsServiceException refusal) {
            throw refusal;
          }
          throw new IllegalStateException(step.toString(), e.getCause());
        } catch (ReflectiveOperationException e) {
          throw new IllegalStateException(step.toString(), e);
        }
      }
    }
    throw new IllegalArgumentException("no operation " + call);
  }

  private static Object built(SdkPojo builder) throws ReflectiveOperationException {
    Method build = builder.getClass().getMethod("build");
    build.setAccessible(true);
    return build.invoke(builder);
  }

  private void fill(SdkPojo builder, JsonNode members) throws ReflectiveOperationException {
    Map<String, SdkField<?>> fields = new LinkedHashMap<>();
    builder.sdkFields().forEach(field -> fields.put(field.memberName(), field));
    for (Map.Entry<String, JsonNode> member : members.properties()) {
      SdkField<?> field = fields.get(member.getKey());
      if (field == null) {
        throw new IllegalArgumentException("no member " + member.getKey());
      }
      field.set(builder, value(field, member.getValue()));
    }
  }

  private Object value(SdkField<?> field, JsonNode given) throws ReflectiveOperationException {
    MarshallingType<?> type = field.marshallingType();
    if (type == MarshallingType.LIST) {
      List<Object> items = new ArrayList<>();
      for (JsonNode item : given) {
        items.add(value(field.getTrait(ListTrait.class).memberFieldInfo(), item));
      }
      return items;
    } else if (type == MarshallingType.SDK_POJO) {
      SdkPojo structure = field.constructor().get();
      fill(structure, given);
      return built(structure);
    } else if (type == MarshallingType.INTEGER) {
      return given.asInt();
    } else if (type == MarshallingType.LONG) {
      return given.asLong();
    } else if (type == MarshallingType.DOUBLE) {
      return given.asDouble();
    } else if (type == MarshallingType.BOOLEAN) {
      return given.asBoolean();
    }
    return filled(given.asString());
  }

  private String filled(String text) {
    Matcher names = NAME.matcher(text);
    return names.replaceAll(it -> Matcher.quoteReplacement(kept.get(it.group(1)).toString()));
  }

  private String differing(SdkPojo reply, JsonNode members) {
    for (Map.Entry<String, JsonNode> each : members.properties()) {
      Object found = at(reply, each.getKey());
      JsonNode given = each.getValue();
      boolean any = given.isString() && given.asString().equals("*");
      boolean same =
          switch (found) {
            case null -> false;
            case Number number when given.isNumber() -> number.doubleValue() == given.asDouble();
            case Boolean flag when given.isBoolean() -> flag == given.asBoolean();
            case Instant _ -> any;
            default -> given.isString() && found.toString().equals(filled(given.asString()));
          };
      if (!same && !(any && found != null)) {
        return each.getKey() + " is " + found + ", not " + given;
      }
    }
    return "";
  }

  private static Object at(SdkPojo reply, String path) {
    Object found = reply;
    for (String name : path.split("\\.")) {
      if (found instanceof List<?> list) {
        found = name.equals("#") ? list.size() : item(list, Integer.parseInt(name));
      } else if (found instanceof SdkPojo structure) {
        found = member(structure, name);
      } else {
        return null;
      }
    }
    return found;
  }

  private static Object item(List<?> list, int index) {
    return index < list.size() ? list.get(index) : null;
  }

  private static Object member(SdkPojo structure, String name) {
    return structure.sdkFields().stream()
        .filter(field -> field.memberName().equals(name))
        .findFirst()
        .map(field -> field.getValueOrDefault(structure))
        .orElse(null);
  }
}
