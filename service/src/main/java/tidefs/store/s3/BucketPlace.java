package tidefs.store.s3;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tidefs.base.Clock;
import tidefs.store.ObjectPlace;
import tidefs.store.StoreFault;
import tidefs.store.StoreFullFault;

/**
 * Objects in a bucket. A request that fails for a reason that may pass (no connection, a time-out,
 * an answer of 5xx or 429) is made again, a few times; each of them can be repeated without harm.
 */
public final class BucketPlace implements ObjectPlace {
  private static final int TRIES = 3;
  private static final long FIRST_PAUSE_MILLIS = 200;
  private static final byte[] NOTHING = {};
  private static final Pattern KEY = Pattern.compile("<Key>([^<]*)</Key>");

  private static final String CUT = "<IsTruncated>true</IsTruncated>";
  private static final Pattern TOKEN =
      Pattern.compile("<NextContinuationToken>([^<]*)</NextContinuationToken>");

  private final Bucket bucket;
  private final Limits limits;
  private final Clock clock;
  private final HttpClient http;

  /**
   * How long to wait.
   *
   * @param connect for a connection
   * @param answer for a whole answer, from the start of the request
   */
  record Limits(Duration connect, Duration answer) {
    static final Limits DEFAULTS = new Limits(Duration.ofSeconds(3), Duration.ofSeconds(20));
  }

  /** Objects in {@code bucket}, which is there. */
  public BucketPlace(Bucket bucket, Clock clock) {
    this(bucket, clock, Limits.DEFAULTS);
  }

  BucketPlace(Bucket bucket, Clock clock, Limits limits) {
    this.limits = limits;
    this.bucket = bucket;
    this.clock = clock;
    http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(limits.connect())
            .build();
  }

  @Override
  public void put(String name, byte[] bytes) {
    expect(send("PUT", path(name), "", bytes), 200);
  }

  @Override
  public Optional<byte[]> get(String name) {
    HttpResponse<byte[]> answer = send("GET", path(name), "", NOTHING);
    if (answer.statusCode() == 404 && !text(answer).contains("NoSuchBucket")) {
      return Optional.empty();
    }
    expect(answer, 200);
    return Optional.of(answer.body());
  }

  /** An object is durable once its PUT was answered. */
  @Override
  public void sync(Collection<String> names) {}

  @Override
  public void remove(String name) {
    HttpResponse<byte[]> answer = send("DELETE", path(name), "", NOTHING);
    if (answer.statusCode() != 404) {
      expect(answer, 204);
    }
  }

  @Override
  public List<String> list(String prefix, String after) {
    String query = "list-type=2&prefix=" + encoded(bucket.prefix() + prefix);
    String from = after.isEmpty() ? "" : "&start-after=" + encoded(bucket.prefix() + after);
    List<String> names = new ArrayList<>();
    while (true) {
      HttpResponse<byte[]> answer = send("GET", "/" + bucket.name(), query + from, NOTHING);
      expect(answer, 200);
      Matcher keys = KEY.matcher(text(answer));
      while (keys.find()) {
        names.add(keys.group(1).substring(bucket.prefix().length()));
      }
      Matcher token = TOKEN.matcher(text(answer));
      if (!names.isEmpty() || !text(answer).contains(CUT) || !token.find()) {
        return names;
      }
      // A page may be empty and not the last; an empty list would say that it is.
      from = "&continuation-token=" + URLEncoder.encode(token.group(1), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    http.close();
  }

  private String path(String name) {
    return "/" + bucket.name() + "/" + bucket.prefix() + name;
  }

  /** Prefixes and names are of characters that need no encoding but the slash. */
  private static String encoded(String text) {
    return text.replace("/", "%2F");
  }

  /** Makes a request until it is answered, a few times. */
  private HttpResponse<byte[]> send(String method, String path, String query, byte[] body) {
    IOException last = new IOException("not tried");
    for (int attempt = 1; ; attempt++) {
      try {
        HttpResponse<byte[]> answer = sendOnce(method, path, canonical(query), body);
        if (!passes(answer) || attempt == TRIES) {
          return answer;
        }
      } catch (IOException e) {
        last = e;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new StoreFault("a request to a bucket was interrupted", e);
      }
      if (attempt == TRIES) {
        throw new StoreFault("a bucket cannot be reached", last);
      }
      LockSupport.parkNanos(
          this, TimeUnit.MILLISECONDS.toNanos(FIRST_PAUSE_MILLIS << (2 * (attempt - 1))));
    }
  }

  /**
   * Whether a refusal may pass. S3 tells a connection that was too slow with 400 RequestTimeout.
   */
  private static boolean passes(HttpResponse<byte[]> answer) {
    int status = answer.statusCode();
    return status >= 500
        || status == 429
        || status == 408
        || (status == 400 && text(answer).contains("<Code>RequestTimeout</Code>"));
  }

  /** Parameters in the order of their names, as a signature covers them. */
  private static String canonical(String query) {
    String[] parts = query.split("&", -1);
    Arrays.sort(parts);
    return String.join("&", parts);
  }

  private HttpResponse<byte[]> sendOnce(String method, String path, String query, byte[] body)
      throws IOException, InterruptedException {
    Signature signature = Signature.of(bucket, clock.now(), method, path, query, body);
    String target = bucket.endpoint() + path + (query.isEmpty() ? "" : "?" + query);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(target))
            .method(
                method,
                method.equals("PUT") ? BodyPublishers.ofByteArray(body) : BodyPublishers.noBody())
            .header("x-amz-date", signature.time())
            .header("x-amz-content-sha256", signature.contentHash())
            .header("Authorization", signature.authorization())
            .build();
    // The time limit of a request ends with the headers of its answer; this one with the body.
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(request, BodyHandlers.ofByteArray());
    try {
      return answer.get(limits.answer().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new HttpTimeoutException("no whole answer within " + limits.answer());
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } finally {
      answer.cancel(true); // Does nothing to one that has ended.
    }
  }

  private static void expect(HttpResponse<byte[]> answer, int status) {
    if (answer.statusCode() == 507) {
      throw new StoreFullFault("a bucket is full");
    }
    if (answer.statusCode() != status && answer.statusCode() / 100 != 2) {
      String code = text(answer).replaceAll("(?s).*<Code>([^<]*)</Code>.*", "$1");
      String why = code.length() > 60 || code.contains("<") ? "" : " " + code;
      throw new StoreFault("a bucket refused a request: " + answer.statusCode() + why);
    }
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }
}
