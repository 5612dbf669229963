using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Http;
using RemoteMcp.Limits;
using Xunit;

namespace RemoteMcp.Tests.Limits;

/// <summary>Tests how the memory for bodies is shared by small and large bodies, and by requests without a caller.</summary>
public sealed class RequestMemoryTests : IDisposable
{
    private const int Total = 256 * 1024;
    private const int Reserve = Total / 8;
    private const int OfCaller = 100_000;

    private readonly RequestPermit _permit = new();
    private readonly RequestMemory _memory = new(
        Options.Create(new LimitOptions { RequestBytes = Total, RequestBytesPerCaller = OfCaller }),
        Options.Create(new AuthOptions { Mode = AuthMode.Entra }));

    private int _callers;

    public void Dispose()
    {
        _permit.Dispose();
        _memory.Dispose();
    }

    [Fact]
    public void Small_bodies_use_all_memory_of_the_process()
    {
        var taken = 0;
        while (Take(1024, 1024) is null)
        {
            taken += 1024;
        }

        Assert.Equal(Total, taken);
    }

    [Fact]
    public void Large_bodies_leave_the_reserve_to_small_ones_also_when_they_grow_in_small_steps()
    {
        var taken = 0;
        while (Take(1024, 64 * 1024) is null)
        {
            taken += 1024;
        }

        Assert.Equal(Total - Reserve, taken);
        Assert.Null(Take(16 * 1024, 16 * 1024));
    }

    [Theory]
    [InlineData(OfCaller + 1, nameof(LimitOptions.RequestBytesPerCaller))]
    [InlineData(int.MaxValue, nameof(LimitOptions.RequestBytesPerCaller))]
    public void Part_beyond_a_limit_is_refused(int bytes, string limit) => Assert.Equal(limit, Take(bytes, bytes));

    [Fact]
    public async Task Unsigned_requests_share_memory_by_what_they_have_sent()
    {
        var bodies = new List<AnonymousBody>();
        var buffer = new byte[64 * 1024];
        RefusedBodyException? refusal = null;
        while (refusal is null)
        {
            var body = new AnonymousBody(new MemoryStream(new byte[64 * 1024]), _memory);
            bodies.Add(body);
            refusal = await Record.ExceptionAsync(async () => await body.ReadExactlyAsync(buffer, TestContext.Current.CancellationToken))
                as RefusedBodyException;
        }

        // 16 MiB of bodies with 64 KiB each, and the one that is refused.
        Assert.Equal(257, bodies.Count);
        Assert.Equal(StatusCodes.Status503ServiceUnavailable, refusal.StatusCode);
        bodies.ForEach(static body => body.Dispose());
        await using var next = new AnonymousBody(new MemoryStream(new byte[10]), _memory);
        Assert.Equal(10, await next.ReadAsync(buffer, TestContext.Current.CancellationToken));
    }

    // Each body has another caller.
    private string? Take(int bytes, int total) => _memory.TryTake(new Caller("t", $"u{_callers++}", "c"), bytes, total, _permit);
}
