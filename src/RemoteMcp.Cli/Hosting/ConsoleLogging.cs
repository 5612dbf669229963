using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace RemoteMcp.Cli.Hosting;

/// <summary>
/// Sends logs to standard error. Standard output is reserved for the protocol (stdio) or for messages to the user (serve).
/// </summary>
internal static class ConsoleLogging
{
    public static void Configure(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddSimpleConsole(static console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
            console.ColorBehavior = LoggerColorBehavior.Default;
        });
        logging.Services.Configure<ConsoleLoggerOptions>(static console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        // The environment can override these levels (Logging__LogLevel__Default).
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // The host logs startup errors with a stack trace. StartupErrors already reports them without one.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        logging.AddFilter("ModelContextProtocol", LogLevel.Warning);
    }
}
