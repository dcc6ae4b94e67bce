package tidefs.rpc;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.ThreadAwareExecutor;
import tidefs.base.Spinner;

/**
 * The I/O half of an event loop that looks for events a few times before it sleeps, where
 * processors are idle. A client that sends its next request once it has the answer would otherwise
 * wait for this thread to wake up each time.
 */
final class SpinningIoHandler implements IoHandler {
  private static final long SPIN_NANOS = 60_000;

  private final IoHandler handler;
  private final Spinner spinner = new Spinner(SPIN_NANOS);
  private boolean active;

  private SpinningIoHandler(IoHandler handler) {
    this.handler = handler;
  }

  /** Makes such halves around those of {@code factory}. */
  static IoHandlerFactory around(IoHandlerFactory factory) {
    return new IoHandlerFactory() {
      @Override
      public IoHandler newHandler(ThreadAwareExecutor executor) {
        return new SpinningIoHandler(factory.newHandler(executor));
      }

      @Override
      public boolean isChangingThreadSupported() {
        return factory.isChangingThreadSupported();
      }
    };
  }

  @Override
  public int run(IoHandlerContext context) {
    if (active && context.canBlock()) {
      AtOnce atOnce = new AtOnce(context);
      if (spinner.await(() -> atOnce.run(handler) > 0 || !context.canBlock())) {
        return atOnce.handled;
      }
    }
    int handled = handler.run(context);
    active = handled > 0;
    return handled;
  }

  /** The circumstances of a look that does not sleep. */
  private static final class AtOnce implements IoHandlerContext {
    private final IoHandlerContext context;
    private int handled;

    AtOnce(IoHandlerContext context) {
      this.context = context;
    }

    int run(IoHandler handler) {
      handled = handler.run(this);
      return handled;
    }

    @Override
    public boolean canBlock() {
      return false;
    }

    @Override
    public long delayNanos(long currentTimeNanos) {
      return context.delayNanos(currentTimeNanos);
    }

    @Override
    public long deadlineNanos() {
      return context.deadlineNanos();
    }

    @Override
    public void reportActiveIoTime(long activeNanos) {
      context.reportActiveIoTime(activeNanos);
    }

    @Override
    public boolean shouldReportActiveIoTime() {
      return context.shouldReportActiveIoTime();
    }
  }

  @Override
  public void initialize() {
    handler.initialize();
  }

  @Override
  public void prepareToDestroy() {
    handler.prepareToDestroy();
  }

  @Override
  public void destroy() {
    handler.destroy();
  }

  @Override
  public IoRegistration register(IoHandle handle) throws Exception {
    return handler.register(handle);
  }

  @Override
  public void wakeup() {
    handler.wakeup();
  }

  @Override
  public boolean isCompatible(Class<? extends IoHandle> handleType) {
    return handler.isCompatible(handleType);
  }
}
