using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using ModelContextProtocol;
using RemoteMcp.Observability;
using Xunit;

#pragma warning disable CA1848, CA1873 // The tests log like libraries that do not use LoggerMessage.

namespace RemoteMcp.Tests.Observability;

/// <summary>Tests the rules for every entry of the log, whichever code writes it.</summary>
public sealed class SafeLoggerTests : IDisposable
{
    private const string Sdk = "ModelContextProtocol.Server.McpServer";

    private readonly CapturedLog _log = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services;

    public SafeLoggerTests() => _services = Start();

    public void Dispose() => _services.Dispose();

    [Theory]
    [InlineData("a\r12:00:00 info: forged", "a\\u000D12:00:00 info: forged")]
    [InlineData("a\nb", "a\\u000Ab")]
    [InlineData("\u001b[2J", "\\u001B[2J")]
    [InlineData("\u001b]0;title\u0007", "\\u001B]0;title\\u0007")]
    [InlineData("\u009b2J", "\\u009B2J")]
    [InlineData("a\u202eb", "a\\u202Eb")]
    [InlineData("a\u2028b\u0085", "a\\u2028b\\u0085")]
    public void Foreign_text_is_encoded_in_message_values_and_exceptions(string foreign, string encoded)
    {
        Logger("Any").LogError(new InvalidOperationException(foreign, new IOException(foreign)), "{Name} failed.", foreign);

        var entry = Assert.Single(_log.Entries);
        Assert.Equal($"{encoded} failed.", entry.Message);
        Assert.Equal(encoded, entry.Values[0].Value);
        Assert.Equal("{Name} failed.", entry.Values[1].Value);
        Assert.Contains($"System.InvalidOperationException: {encoded}", entry.Exception!.ToString(), StringComparison.Ordinal);
        Assert.Contains($"System.IO.IOException: {encoded}", entry.Exception.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(foreign, entry.All, StringComparison.Ordinal);
    }

    [Fact]
    public void Scope_is_encoded()
    {
        var scopes = new LoggerExternalScopeProvider();
        var logger = new SafeLogger(new ScopedLogger(scopes), "Any", _time);

        using var first = logger.BeginScope("a\nb {Name}", "c\u001b");
        using var second = logger.BeginScope("d\re");
        using var third = logger.BeginScope(new Dictionary<string, object> { ["Order"] = "f\n" });

        var seen = new List<object?>();
        scopes.ForEachScope(static (scope, all) => all.Add(scope), seen);
        Assert.Equal(["a\\u000Ab c\\u001B", "d\\u000De"], seen.Take(2).Select(static scope => scope!.ToString()));
        Assert.Equal([new("Order", "f\\u000A")], Assert.IsAssignableFrom<IReadOnlyList<KeyValuePair<string, object?>>>(seen[2]));
        Assert.Equal(
            ["c\\u001B", "a\\u000Ab {Name}"],
            Assert.IsAssignableFrom<IReadOnlyList<KeyValuePair<string, object?>>>(seen[0]).Select(static value => value.Value));
    }

    [Fact]
    public void Text_without_placeholders_and_objects_are_encoded()
    {
        Logger("Any").Log(LogLevel.Information, default, "a\u001b", null, static (text, _) => text);
        Logger("Any").LogInformation("{Uri} {Texts} {Number:F1} {None}", new Named("a\u001b"), new[] { "b\u001b", "c" }, 1.26, null);

        Assert.Equal(["a\\u001B", "a\\u001B b\\u001B, c 1.3 (null)"], _log.Entries.Select(static entry => entry.Message));
    }

    [Fact]
    public void Entry_with_safe_text_is_written_unchanged()
    {
        var exception = Thrown(new InvalidOperationException("no such file"));

        Logger("Any").LogWarning(exception, "{Name} took {Duration:F0} ms: größer, 日本語", "read_file", 1.6);

        var entry = Assert.Single(_log.Entries);
        Assert.Equal("read_file took 2 ms: größer, 日本語", entry.Message);
        Assert.Same(exception, entry.Exception);
        Assert.Equal(1.6, entry.Values[1].Value);
    }

    [Theory]
    [InlineData(LogLevel.Information, 16 * 1024)]
    [InlineData(LogLevel.Debug, 64 * 1024)]
    public void Entry_has_a_maximum_size(LogLevel level, int bytes)
    {
        var big = new string('x', 4_000_000);

        Logger("Any").Log(level, new InvalidOperationException(big, new IOException(big)), "{First} {Second} {Third}", big, big, big);

        var entry = Assert.Single(_log.Entries);
        Assert.InRange(entry.Message.Length + entry.Exception!.ToString().Length, 100, bytes);
        Assert.All(entry.Values, value => Assert.InRange(((string)value.Value!).Length, 1, bytes));
    }

    [Fact]
    public void Entries_of_one_event_beyond_the_rate_are_counted_in_the_next_one()
    {
        var logger = Logger("Any");
        for (var i = 0; i < 1_000; i++)
        {
            logger.LogInformation(new EventId(1), "A caller did something: {Number}", i);
        }

        logger.LogInformation(new EventId(2), "Another event.");
        Assert.Equal(SafeLogger.LinesPerSecond + 1, _log.Entries.Count);
        _time.Advance(TimeSpan.FromSeconds(1));
        logger.LogInformation(new EventId(1), "A caller did something: {Number}", 1_000);

        Assert.Equal("A caller did something: 1000 (950 more lines of this kind were omitted.)", _log.Entries[^1].Message);
    }

    [Fact]
    public void Stack_traces_of_one_event_have_a_lower_rate()
    {
        for (var i = 0; i < 1_000; i++)
        {
            Logger("Any").LogError(new InvalidOperationException("x"), "A request failed.");
        }

        Assert.Equal(SafeLogger.ExceptionsPerSecond, _log.Entries.Count);
    }

    [Fact]
    public void Complete_log_and_debug_entries_have_no_rate()
    {
        for (var i = 0; i < 1_000; i++)
        {
            Logger("Complete").LogInformation("An act.");
            Logger("Any").LogDebug("A detail.");
        }

        Assert.Equal(2_000, _log.Entries.Count);
    }

    [Fact]
    public void Entry_of_the_SDK_contains_no_URI_and_no_message_of_an_exception()
    {
        var failure = Thrown(new InvalidOperationException("patient 4711 is unknown"));

        Logger(Sdk).LogError(failure, "ReadResource \"{ResourceUri}\" threw an unhandled exception.", "file:///patients/4711");
        Logger(Sdk).LogInformation("canceled request '{RequestId}' of {Method}. Reason: '{Reason}'", "4711", "tools/call", "4711");

        Assert.Equal(
            [
                "ReadResource \"(omitted)\" threw an unhandled exception.",
                "canceled request '(omitted)' of tools/call. Reason: '(omitted)'",
            ],
            _log.Shown.Select(static entry => entry.Message));
        Assert.StartsWith("System.InvalidOperationException\n   at ", _log.Shown[0].Exception!.ToString(), StringComparison.Ordinal);
        Assert.All(_log.Shown, static entry => Assert.DoesNotContain("4711", entry.All, StringComparison.Ordinal));
        Assert.Contains(_log.Entries, static entry => entry.Level == LogLevel.Debug && entry.All.Contains("patient 4711 is unknown"));
    }

    [Fact]
    public void Mistake_of_a_caller_is_no_error_of_the_server()
    {
        Logger(Sdk).LogError(new McpException("'4711' is no number"), "GetPrompt \"{PromptName}\" threw an unhandled exception.", "greet");
        Logger(Sdk).LogError(new OperationCanceledException(), "GetPrompt \"{PromptName}\" threw an unhandled exception.", "greet");

        Assert.Empty(_log.Shown);
        Assert.Equal(2, _log.Entries.Count);
    }

    [Fact]
    public void Failure_of_a_service_behind_a_tool_is_an_error()
    {
        Logger(Sdk).LogError(new McpException("Graph does not respond", new IOException("x")), "\"{ToolName}\" threw.", "whoami");

        Assert.Contains("IOException", Assert.Single(_log.Shown).Exception!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Microsoft.IdentityModel.LoggingExtensions.IdentityLoggerAdapter", LogLevel.Critical)]
    [InlineData("Microsoft.AspNetCore.Authentication.JwtBearer.JwtBearerHandler", LogLevel.Error)]
    [InlineData("System.Net.Http.HttpClient.graph.LogicalHandler", LogLevel.Information)]
    public void Category_whose_entries_the_server_replaces_is_off_and_a_setting_turns_it_on(string category, LogLevel level)
    {
        Logger(category).Log(level, "Details");
        Assert.Empty(_log.Entries);

        using var services = Start((category, "Trace"));
        services.GetRequiredService<ILoggerFactory>().CreateLogger(category).Log(level, "Details");
        Assert.Single(_log.Entries);
    }

    private static Exception Thrown(Exception exception)
    {
        try
        {
            throw exception;
        }
        catch (Exception caught)
        {
            return caught;
        }
    }

    private ILogger Logger(string category) => _services.GetRequiredService<ILoggerFactory>().CreateLogger(category);

    private ServiceProvider Start(params (string Category, string Level)[] levels) => new ServiceCollection()
        .AddSingleton<TimeProvider>(_time)
        .AddLogging(logging => logging
            .SetMinimumLevel(LogLevel.Trace)
            .AddProvider(_log)
            .AddConfiguration(new ConfigurationBuilder()
                .AddInMemoryCollection(levels.ToDictionary(static each => $"LogLevel:{each.Category}", static each => (string?)each.Level))
                .Build()))
        .AddSingleton(new CompleteLog("Complete"))
        .AddSafeLogging()
        .BuildServiceProvider();

    private sealed class Named(string name)
    {
        public override string ToString() => name;
    }

    /// <summary>A logger whose provider reads scopes.</summary>
    private sealed class ScopedLogger(LoggerExternalScopeProvider scopes) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
        }
    }
}
