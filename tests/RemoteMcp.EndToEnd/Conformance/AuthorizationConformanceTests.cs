using RemoteMcp.EndToEnd.Fleet;
using RemoteMcp.EndToEnd.Processes;
using RemoteMcp.EndToEnd.SignIn;
using Xunit;

namespace RemoteMcp.EndToEnd.Conformance;

/// <summary>Runs the scenarios of the official conformance suite for authorization servers, without a list of expected failures.</summary>
[Collection(SignInFleet.Collection)]
public sealed class AuthorizationConformanceTests(SignInFleet shared, StartedServers servers, SignInServers signIn)
    : IClassFixture<SignInServers>
{
    public static TheoryData<string> Revisions => new(AuthorizationRun.Revisions);

    [Theory, MemberData(nameof(Revisions))]
    public async Task Every_authorization_scenario_passes(string revision)
    {
        var server = await signIn.PlainAsync(servers.Folder.Path);

        await AuthorizationRun.AssertPassesAsync(new Uri(server.Endpoint, "/"), "one server", revision, server.NodeTrust);
    }

    [Theory, MemberData(nameof(Revisions))]
    public async Task Every_authorization_scenario_passes_when_each_request_reaches_another_instance(string revision)
    {
        await shared.CompleteAsync();

        await AuthorizationRun.AssertPassesAsync(
            shared.Fleet.Address, $"{FleetFixture.Size} instances", revision, shared.Entra.NodeTrust);
    }
}
