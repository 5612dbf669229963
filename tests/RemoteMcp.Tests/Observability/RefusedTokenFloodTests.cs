using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using RemoteMcp.Observability;
using RemoteMcp.Testing;
using RemoteMcp.Testing.Http;
using RemoteMcp.Tests.Auth;
using Xunit;

namespace RemoteMcp.Tests.Observability;

/// <summary>Tests that a caller who has not signed in cannot flood the log.</summary>
public sealed class RefusedTokenFloodTests : EmulatedSignIn
{
    private const int Requests = 2_000;

    private readonly CapturedLog _log = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    protected override TimeProvider? Time => _time;

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["RemoteMcp:Auth:SignIn"] = "Direct",
    };

    [Fact]
    public async Task Flood_of_invalid_tokens_writes_a_bounded_number_of_lines_and_reports_the_rest()
    {
        var valid = Token();
        var tokens = new[]
        {
            "no-token", new string('x', 15_000), valid[..^8] + "AAAAAAAA", Token(("exp", 1)), Token(("aud", "another")),
            valid.Split('.')[0] + "." + new string('e', 12_000) + ".e30", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.",
        };

        await Parallel.ForAsync(0, Requests, Cancelled, async (i, _) =>
        {
            using var response = await SendAsync(Messages.PostStateless(Messages.StatelessListTools), tokens[i % tokens.Length]);
        });

        Assert.Equal(AuditLog.RefusalsPerSecond, _log.Shown.Count);
        Assert.InRange(_log.Shown.Sum(static entry => entry.All.Length), 1, 10_000);
        Assert.All(
            _log.Shown,
            static entry => Assert.StartsWith("Request POST /mcp refused for unknown", entry.Message, StringComparison.Ordinal));

        _time.Advance(TimeSpan.FromSeconds(1));
        using var next = await SendAsync(Messages.PostStateless(Messages.StatelessListTools));
        await Eventually.IsTrueAsync(() => _log.Shown.Count > AuditLog.RefusalsPerSecond);
        Assert.EndsWith(
            $" ({Requests - AuditLog.RefusalsPerSecond} more refusals were omitted)", _log.Audit[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusals_of_a_signed_in_caller_are_logged_during_a_flood()
    {
        for (var i = 0; i < AuditLog.RefusalsPerSecond + 5; i++)
        {
            using var flood = await SendAsync(Messages.PostStateless(Messages.StatelessListTools), "no-token");
        }

        using var refused = await SendAsync(Messages.PostStateless(Messages.StatelessListTools), Token(("scp", "Other")));
        await Eventually.IsTrueAsync(() => _log.Audit.Count > AuditLog.RefusalsPerSecond);

        Assert.Contains(Sample.Adele.ObjectId, _log.Audit[^1], StringComparison.Ordinal);
    }

    private protected override void AddTools(IMcpServerBuilder server)
    {
        server.Services.AddSingleton<ILoggerProvider>(_log);
        // The level of a server without settings, without the categories that every host limits to warnings.
        server.Services.AddLogging(static logging => logging
            .SetMinimumLevel(LogLevel.Information)
            .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
            .AddFilter("Microsoft.Hosting", LogLevel.Warning));
    }
}
