using System.Net;
using RemoteMcp.EndToEnd.Clients;
using RemoteMcp.EndToEnd.Fleet;
using Xunit;

namespace RemoteMcp.EndToEnd.SignIn;

/// <summary>Tests how users work with a <see cref="KeylessFleet"/>.</summary>
[Collection(KeylessFleet.Collection)]
public sealed class KeylessFleetTests(KeylessFleet keyless)
{
    private const string List = """{"path":"notes"}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("typescript-2.mjs", "mcp", "2026-07-28")]
    [InlineData("typescript-1.mjs", "mcp", "2025-11-25")]
    [InlineData("typescript-1.mjs", "mcp/sse", "2025-11-25")]
    public async Task Client_signs_in_and_uses_the_file_tools(string client, string path, string protocolVersion) =>
        await TypeScriptClientTests.RunJourneyAsync(
            Journey.ThroughFiles(),
            client,
            new Uri((await keyless.FolderFleetAsync()).Address, path).ToString(),
            protocolVersion,
            [SignedInClientTests.SignInArgument(sendResource: false)],
            keyless.Entra.NodeTrust);

    [Fact]
    public async Task Session_accepts_only_its_owner_on_every_instance()
    {
        var (fleet, entra) = (keyless.Fleet, keyless.Entra);
        var (here, there) = (fleet.Instances[0], fleet.Instances[1]);
        using var adele = new FleetClient(fleet.Endpoint, Cancellation) { Token = entra.TokenOf(entra.Sample.Adele) };
        using var megan = new FleetClient(fleet.Endpoint, Cancellation) { Token = entra.TokenOf(entra.Sample.Megan) };
        using var nobody = new FleetClient(fleet.Endpoint, Cancellation);

        await adele.InitializeAsync(here);
        megan.Session = nobody.Session = adele.Session;

        Assert.Contains("hello.txt", await adele.TextAsync(there, 1, "list_directory", List), StringComparison.Ordinal);
        foreach (var instance in (int[])[here, there])
        {
            using var stolen = await megan.CallAsync(instance, 2, "list_directory", List);
            using var unsigned = await nobody.CallAsync(instance, 3, "list_directory", List);
            using var ended = await megan.DeleteAsync(instance);
            Assert.Equal(HttpStatusCode.NotFound, stolen.StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, unsigned.StatusCode);
            Assert.Contains(
                "resource_metadata=\"" + new Uri(fleet.Address, ".well-known/oauth-protected-resource/mcp"),
                unsigned.Headers.WwwAuthenticate.Single().Parameter,
                StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.NotFound, ended.StatusCode);
        }

        Assert.Contains("hello.txt", await adele.TextAsync(here, 4, "list_directory", List), StringComparison.Ordinal);
        // Each instance got its token for storage from the managed identity endpoint.
        Assert.True(entra.Emulator.Requests.CountOf("/msi/token") >= 2);
    }

    [Fact]
    public async Task Each_user_has_their_own_profile_and_permissions_on_every_instance()
    {
        var (fleet, entra) = (keyless.Fleet, keyless.Entra);
        using var adele = new FleetClient(fleet.Endpoint, Cancellation) { Token = entra.TokenOf(entra.Sample.Adele, "Azure.Read") };
        using var megan = new FleetClient(fleet.Endpoint, Cancellation) { Token = entra.TokenOf(entra.Sample.Megan) };
        await adele.InitializeAsync(fleet.Instances[0]);
        await megan.InitializeAsync(fleet.Instances[0]);

        var id = 0;
        foreach (var instance in fleet.Instances)
        {
            // The server calls Azure on behalf of the caller, with the managed identity as its credential.
            Assert.Contains("Retail Manager", await adele.TextAsync(instance, ++id, "get_my_profile"), StringComparison.Ordinal);
            Assert.Contains("Marketing Manager", await megan.TextAsync(instance, ++id, "get_my_profile"), StringComparison.Ordinal);
            // The server uses its managed identity for callers that have the scope.
            Assert.Contains(TeamCloud.Subscription, await adele.TextAsync(instance, ++id, "list_subscriptions"), StringComparison.Ordinal);
            using var refused = await megan.CallAsync(instance, ++id, "list_subscriptions");
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }
    }
}
