using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace RemoteMcp.Cli.Hosting;

/// <summary>Logs go to standard error: standard output belongs to the protocol (stdio) or to the person (serve).</summary>
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
        // Quiet unless the environment says otherwise (Logging__LogLevel__Default).
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // It logs why the start failed, with a stack trace; StartupErrors says it without.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        logging.AddFilter("ModelContextProtocol", LogLevel.Warning);
    }
}
