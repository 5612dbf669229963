using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RemoteMcp.Storage;
using RemoteMcp.Tests.Http;
using RemoteMcp.Tests.Storage;
using Xunit;

namespace RemoteMcp.Tests.HomePage;

/// <summary>Tests that the page shows the result of <c>/readyz</c> without additional cost.</summary>
public sealed class HealthOnPageTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Unhealthy_storage_is_shown_instead_of_the_cached_page()
    {
        var time = new FakeTimeProvider();
        var store = new ControlledStore(new MemoryStateStore(time));
        await using var host = await StartAsync(store, time);
        using var before = await host.Client.GetAsync("/", Cancelled);

        store.Before = ControlledStore.Down;
        time.Advance(TimeSpan.FromSeconds(2));
        using var after = await host.Client.SendAsync(
            new(HttpMethod.Get, "/") { Headers = { IfNoneMatch = { before.Headers.ETag! } } }, Cancelled);

        Assert.Contains(">Ready<", await before.Content.ReadAsStringAsync(Cancelled));
        var html = await after.Content.ReadAsStringAsync(Cancelled);
        Assert.Contains(">Not ready<", html);
        Assert.Contains("State storage: <strong class=\"bad\">Unhealthy</strong>", html);
        Assert.DoesNotContain("is down", html);
    }

    [Fact]
    public async Task Views_and_probes_within_a_moment_share_one_storage_transaction()
    {
        var time = new FakeTimeProvider();
        var store = new ControlledStore(new MemoryStateStore(time));
        await using var host = await StartAsync(store, time);
        var before = store.Requests.Count;

        foreach (var path in Enumerable.Repeat("/", 20).Append("/readyz"))
        {
            await host.Client.GetStringAsync(path, Cancelled);
        }

        Assert.Single(store.Requests.Skip(before));
    }

    private static Task<TestServerHost> StartAsync(ControlledStore store, TimeProvider time) =>
        TestServerHost.StartAsync(time: time, configure: server => server.Services.AddSingleton<IStateStore>(store));
}
