using System.Net;
using System.Text.RegularExpressions;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.EndToEnd.Fleet;
using RemoteMcp.Testing.SignIn;
using Xunit;

namespace RemoteMcp.EndToEnd.SignIn;

/// <summary>
/// Tests a sign-in whose every step reaches another instance, while instances are killed, and what Entra ID and its administrators do to it
/// later.
/// </summary>
[Collection(SignInFleet.Collection)]
public sealed partial class SignInFleetTests(SignInFleet shared)
{
    private const string List = """{"path":"notes"}""";

    private FleetFixture Fleet => shared.Fleet;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sign_in_and_session_continue_although_each_step_reaches_another_instance_and_two_die()
    {
        var instances = await shared.CompleteAsync();
        var (first, second, third) = (instances[0], instances[1], instances[2]);
        var client = shared.NewClient();
        await client.DiscoverAsync(first);
        await client.RegisterAsync(second);

        var entra = await client.AuthorizeAsync(first);
        var consent = await client.FollowAsync(second, await client.SignInAtEntraAsync(entra));
        var page = await client.BrowseAsync(third, consent);
        var code = client.CodeIn(await client.ApproveAsync(second, page));
        var tokens = await client.RedeemAsync(first, code);
        using var session = new FleetClient(Fleet.Endpoint, Cancellation) { Token = tokens.AccessToken };
        await session.InitializeAsync(first);
        var id = session.Session;

        await Fleet.KillAsync(first);
        var renewed = await client.RefreshAsync(second, tokens);
        session.Token = renewed.AccessToken;
        Assert.Contains("hello.txt", await session.TextAsync(third, 1, "list_directory", List), StringComparison.Ordinal);

        await Fleet.KillAsync(second);
        var again = await client.RefreshAsync(third, renewed);
        session.Token = again.AccessToken;
        Assert.Contains("hello.txt", await session.TextAsync(third, 2, "list_directory", List), StringComparison.Ordinal);

        Assert.Equal(id, session.Session);
        Assert.Equal(3, new[] { tokens.RefreshToken, renewed.RefreshToken, again.RefreshToken }.Distinct().Count());
        // Entra ID refuses this parameter, and a forced consent locks out users who may not consent.
        Assert.DoesNotContain("resource=", entra.Query, StringComparison.Ordinal);
        Assert.DoesNotContain("prompt=", entra.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Consent_page_appears_once_for_a_client_on_all_instances()
    {
        await shared.CompleteAsync();
        var client = shared.NewClient();

        var first = await client.SignInAsync();
        var second = await client.SignInAsync();
        var other = await shared.NewClient().SignInAsync();

        Assert.True(first.SawConsent);
        Assert.False(second.SawConsent);
        Assert.True(other.SawConsent);
        Assert.Equal(0, shared.Entra.Emulator.Requests.CountOfPrompt("consent"));
    }

    [Fact]
    public async Task Refresh_works_on_every_instance_after_Entra_has_rolled_its_keys()
    {
        var instances = await shared.CompleteAsync();
        var client = shared.NewClient();
        var (tokens, _) = await client.SignInAsync();

        shared.Entra.Emulator.Keys.Roll(keepOld: true);

        foreach (var instance in instances)
        {
            tokens = await client.RefreshAsync(instance, tokens);
            Assert.True(tokens.Status == HttpStatusCode.OK, tokens.Body + Fleet.LogOf(instance));
        }

        await AssertServesAsync(tokens, instances[0]);
    }

    [Fact]
    public async Task Disabled_person_is_signed_out_by_the_next_refresh_and_the_access_token_lasts_until_then()
    {
        var instances = await shared.CompleteAsync();
        var client = shared.NewClient();
        var (tokens, _) = await client.SignInAsync();

        client.Person.Disabled = true;
        await AssertServesAsync(tokens, instances[0]);
        await AssertSignedOutAsync(client, tokens, "AADSTS50057");

        await AssertServesAsync(tokens, instances[1]);
        client.Person.Disabled = false;
        // The grant has ended, so it does not come back with the person.
        await AssertSignedOutAsync(client, tokens);
        await AssertServesAsync((await client.SignInAsync()).Tokens, instances[2]);
    }

    [Fact]
    public async Task Sign_ins_that_an_administrator_revokes_end_with_the_next_refresh()
    {
        var instances = await shared.CompleteAsync();
        var (client, other) = (shared.NewClient(), shared.NewClient());
        var (tokens, _) = await client.SignInAsync();
        var (others, _) = await other.SignInAsync();

        shared.Entra.Emulator.RevokeSessions(client.Person);

        await AssertSignedOutAsync(client, tokens, "AADSTS50173");
        Assert.Equal(HttpStatusCode.OK, (await other.RefreshAsync(null, others)).Status);
        await AssertServesAsync((await client.SignInAsync()).Tokens, instances[0]);
    }

    [Fact]
    public async Task New_policy_ends_the_sign_in_until_the_person_gives_a_second_factor()
    {
        var instances = await shared.CompleteAsync();
        var client = shared.NewClient();
        var (tokens, _) = await client.SignInAsync();

        using var policy = shared.RequireSecondFactor(SampleDirectory.ServerId);

        await AssertSignedOutAsync(client, tokens, "AADSTS50076");
        var (stronger, _) = await client.SignInAsync();
        stronger = await client.RefreshAsync(instances[1], stronger);
        await AssertServesAsync(stronger, instances[2]);
    }

    [Fact]
    public async Task Tool_calls_Graph_for_the_person_on_an_instance_that_did_not_sign_them_in()
    {
        var instances = await shared.CompleteAsync();
        var client = shared.NewClient();
        var (tokens, _) = await client.SignInAsync();
        using var session = new FleetClient(Fleet.Endpoint, Cancellation) { Token = tokens.AccessToken };
        await session.InitializeAsync(instances[0]);

        await Fleet.KillAsync(instances[0]);

        Assert.Contains(client.Person.JobTitle!, await session.TextAsync(instances[1], 1, "get_my_profile"), StringComparison.Ordinal);
        Assert.Contains(client.Person.JobTitle!, await session.TextAsync(instances[2], 2, "get_my_profile"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tool_names_the_page_for_a_second_factor_and_works_after_the_person_opened_it()
    {
        var instances = await shared.CompleteAsync();
        var client = shared.NewClient();
        var (tokens, _) = await client.SignInAsync();
        using var session = new FleetClient(Fleet.Endpoint, Cancellation) { Token = tokens.AccessToken };
        await session.InitializeAsync(instances[0]);

        using var policy = shared.RequireSecondFactor(MicrosoftApplications.GraphId);
        using var refused = await session.CallAsync(instances[0], 1, "get_my_profile");
        var answer = (await session.AnswerAsync(refused, 1)).ToJsonString();
        var page = StepUpPage().Match(answer);
        Assert.True(page.Success, answer);
        Assert.StartsWith(Fleet.Address.ToString(), page.Value, StringComparison.Ordinal);

        var entra = await client.FollowAsync(instances[1], new Uri(page.Value));
        var end = await client.BrowseAsync(instances[2], await client.SignInAtEntraAsync(entra));

        Assert.True(end is { Status: HttpStatusCode.OK, Location: null }, end.Html);
        foreach (var instance in instances)
        {
            Assert.Contains(client.Person.JobTitle!, await session.TextAsync(instance, 2, "get_my_profile"), StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync(instances[1], tokens)).Status);
    }

    private async Task AssertServesAsync(TokenResponse tokens, int instance)
    {
        using var session = new FleetClient(Fleet.Endpoint, Cancellation) { Token = tokens.AccessToken };
        await session.InitializeAsync(instance);
        Assert.Contains("hello.txt", await session.TextAsync(instance, 1, "list_directory", List), StringComparison.Ordinal);
    }

    private async Task AssertSignedOutAsync(StepwiseClient client, TokenResponse tokens, string reason = "")
    {
        foreach (var instance in Fleet.Instances)
        {
            var answer = await client.RefreshAsync(instance, tokens);
            Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), (answer.Status, answer.Error));
            Assert.Contains(reason, answer.Body.ToJsonString(), StringComparison.Ordinal);
            // The first refusal names the reason, and ends the grant.
            reason = "";
        }
    }

    [GeneratedRegex(@"http://[^\s""\\]*/oauth/step-up\?step=[\w-]+")]
    private static partial Regex StepUpPage();
}
