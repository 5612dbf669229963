using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Testing;
using RemoteMcp.Testing.Http;
using Xunit;

namespace RemoteMcp.Tests.Auth;

/// <summary>Tests that the log shows who called which tool, but no arguments.</summary>
public sealed class AuditLogTests : EmulatedSignIn
{
    private readonly KeptLines _lines = new();

    private protected override void AddTools(IMcpServerBuilder server) =>
        server.Services.AddLogging(logging => logging.AddProvider(_lines));

    [Theory]
    [InlineData("echo", """{"text":"confidential"}""", "echo", "ok")]
    [InlineData("throws", "{}", "throws", "failed")]
    [InlineData("no_such_tool", "{}", "(unknown:no_such_tool)", "failed")]
    public async Task Each_call_logs_one_line_with_caller_tool_and_outcome(string tool, string arguments, string logged, string outcome)
    {
        var token = Token();

        using var response = await SendAsync(Messages.PostStateless(Messages.StatelessCall(tool, arguments)), token);
        await response.Content.ReadAsStringAsync(Cancelled);

        await Eventually.IsTrueAsync(() => _lines.Audit.Count == 1);
        var line = Assert.Single(_lines.Audit);
        Assert.StartsWith(
            $"Tool {logged} called by {SampleDirectory.ContosoId}/{Sample.Adele.ObjectId} "
                + $"through {SampleDirectory.DesktopClientId}: {outcome} in ",
            line,
            StringComparison.Ordinal);
        Assert.DoesNotContain(
            _lines.All,
            each => each.Contains("confidential", StringComparison.Ordinal) || each.Contains(token[^40..], StringComparison.Ordinal));
    }

    private sealed class KeptLines : ILoggerProvider
    {
        private readonly Lock _lock = new();
        private readonly List<(string Category, string Line)> _lines = [];

        public List<string> Audit
        {
            get
            {
                lock (_lock)
                {
                    var audit = _lines.Where(static each => each.Category == "RemoteMcp.Observability.AuditLog");
                    return [.. audit.Select(static each => each.Line)];
                }
            }
        }

        public List<string> All
        {
            get
            {
                lock (_lock)
                {
                    return [.. _lines.Select(static each => each.Line)];
                }
            }
        }

        public ILogger CreateLogger(string categoryName) => new Lines(this, categoryName);

        public void Dispose()
        {
        }

        private sealed class Lines(KeptLines kept, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

            public void Log<TState>(
                LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                lock (kept._lock)
                {
                    kept._lines.Add((category, formatter(state, exception) + exception));
                }
            }
        }
    }
}
