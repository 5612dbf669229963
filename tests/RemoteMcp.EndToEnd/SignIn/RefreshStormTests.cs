using System.Net;
using System.Text.Json.Nodes;
using RemoteMcp.EndToEnd.Fleet;
using RemoteMcp.Testing.SignIn;
using Xunit;

namespace RemoteMcp.EndToEnd.SignIn;

/// <summary>
/// Tests that the fleet renews the tokens of 200 clients at once, as after a network failure, and that it signs nobody out.
/// </summary>
[Collection(SignInFleet.Collection)]
public sealed class RefreshStormTests(SignInFleet shared)
{
    private const int Clients = 200;
    private const int SignInsAtOnce = 16;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_hundred_clients_refresh_at_once_and_nobody_is_signed_out()
    {
        var instances = await shared.CompleteAsync();
        var signedIn = await SignInAsync();

        // Each request reaches another instance than the one before.
        var once = await RefreshAsync(signedIn, static _ => null);
        // Every token is sent twice, at once, to two instances: two windows of one client share it.
        var pairs = await Task.WhenAll(
            RefreshAsync(once, i => instances[i % FleetFixture.Size]), RefreshAsync(once, i => instances[(i + 1) % FleetFixture.Size]));
        var last = await RefreshAsync(pairs[0], static _ => null);

        Assert.All(pairs[0].Zip(pairs[1]), static pair => Assert.True(
            JsonNode.DeepEquals(pair.First.Tokens.Body, pair.Second.Tokens.Body)));
        var all = signedIn.Concat(once).Concat(pairs[0]).Concat(last).Select(static each => each.Tokens.RefreshToken);
        Assert.Equal(4 * Clients, all.Distinct().Count());
    }

    private async Task<IReadOnlyList<SignedIn>> SignInAsync()
    {
        var discovered = shared.NewClient();
        await discovered.DiscoverAsync();
        using var atOnce = new SemaphoreSlim(SignInsAtOnce);
        return await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => shared.NewClient()).ToList().Select(async client =>
        {
            client.Paths = discovered.Paths;
            await atOnce.WaitAsync(Cancellation);
            try
            {
                return new SignedIn(client, (await client.SignInAsync()).Tokens);
            }
            finally
            {
                atOnce.Release();
            }
        }));
    }

    private static async Task<IReadOnlyList<SignedIn>> RefreshAsync(IReadOnlyList<SignedIn> clients, Func<int, int?> instance)
    {
        var renewed = await Task.WhenAll(clients.Select(async (each, i) =>
            new SignedIn(each.Client, await each.Client.RefreshAsync(instance(i), each.Tokens))));
        Assert.All(renewed, static each => Assert.True(each.Tokens.Status == HttpStatusCode.OK, each.Tokens.Body.ToJsonString()));
        return renewed;
    }

    private sealed record SignedIn(StepwiseClient Client, TokenResponse Tokens);
}
