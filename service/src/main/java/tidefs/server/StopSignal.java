package tidefs.server;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operating system's wish that the server ends: SIGTERM or SIGINT. The first lets it drain, the
 * second ends the process on the spot.
 *
 * <p>A shutdown hook cannot tell a second signal from the first, so the signals are handled
 * themselves; the class that can do so is in the module {@code jdk.unsupported}, and the compiler
 * does not let it be named without a warning.
 */
final class StopSignal {
  private static final Logger log = LoggerFactory.getLogger(StopSignal.class);
  private static final int KILLED = 130;

  private final CountDownLatch received = new CountDownLatch(1);

  /** Takes the signals from now on. */
  static StopSignal install() {
    StopSignal stop = new StopSignal();
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              handler.getClassLoader(), new Class<?>[] {handler}, new Receiver(stop));
      Method handle = signal.getMethod("handle", signal, handler);
      for (String name : new String[] {"TERM", "INT"}) {
        handle.invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
      }
    } catch (ReflectiveOperationException e) {
      log.atWarn().setCause(e).log("Signals cannot be handled: a stop will be a hard one");
    }
    return stop;
  }

  /** Waits for the first signal. */
  void await() throws InterruptedException {
    received.await();
  }

  private void receive() {
    if (received.getCount() == 0) {
      log.atWarn().log("Second signal: stopping at once");
      Runtime.getRuntime().halt(KILLED);
    }
    received.countDown();
  }

  /** Handles a signal; nothing else is ever asked of a handler. */
  private record Receiver(StopSignal stop) implements InvocationHandler {
    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object[] arguments) {
      if (method.getName().equals("handle")) {
        stop.receive();
      }
      return null;
    }
  }
}
