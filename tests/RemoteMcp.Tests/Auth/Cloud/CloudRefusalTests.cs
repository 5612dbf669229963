using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Testing.Http;
using Xunit;

namespace RemoteMcp.Tests.Auth.Cloud;

/// <summary>Tests that the error for a missing token says what is missing and who must do what.</summary>
[Collection(nameof(NonParallel))]
public sealed class CloudRefusalTests : CloudSignIn
{
    private string ConsentPage =>
        $"{Emulator.Addresses.Entra}{SampleDirectory.ContosoId}/adminconsent?client_id={SampleDirectory.ServerId}";

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task Client_with_URL_prompts_opens_consent_page_and_call_continues(string revision)
    {
        Sample.Contoso.RevokeConsents();
        var asked = new ConcurrentQueue<ElicitRequestParams>();
        await using var client = await ConnectAsync(revision, question =>
        {
            asked.Enqueue(question);
            Sample.Contoso.Consent(Sample.Server, Graph, ["User.Read"]);
            return "accept";
        });

        var result = await client.CallToolAsync("get_my_profile", cancellationToken: Cancelled);

        Assert.False(result.IsError is true, TextOf(result));
        Assert.Contains("Adele Vance", TextOf(result), StringComparison.Ordinal);
        var question = Assert.Single(asked);
        Assert.Equal(("url", ConsentPage), (question.Mode, question.Url));
        Assert.Contains("administrator consents", question.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2025-11-25", "accept", "is not granted yet")]
    [InlineData("2026-07-28", "accept", "is not granted yet")]
    [InlineData("2025-11-25", "decline", "was not opened")]
    [InlineData("2026-07-28", "decline", "was not opened")]
    public async Task User_without_consent_is_prompted_once_and_gets_an_error(string revision, string action, string told)
    {
        Sample.Contoso.RevokeConsents();
        var asked = 0;
        await using var client = await ConnectAsync(revision, _ =>
        {
            Interlocked.Increment(ref asked);
            return action;
        });

        var result = await client.CallToolAsync("get_my_profile", cancellationToken: Cancelled);

        Assert.True(result.IsError);
        Assert.Contains(told, TextOf(result), StringComparison.Ordinal);
        Assert.Equal(1, asked);
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task Client_without_URL_prompts_gets_the_consent_URL_as_text(string revision)
    {
        Sample.Contoso.RevokeConsents();
        await using var client = await ConnectAsync(revision, answer: null);

        var result = await client.CallToolAsync("get_my_profile", cancellationToken: Cancelled);

        Assert.True(result.IsError);
        Assert.Contains(ConsentPage, TextOf(result), StringComparison.Ordinal);
        Assert.Contains("https://graph.microsoft.com", TextOf(result), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_second_factor_requires_a_new_sign_in()
    {
        DemandSecondFactor();

        var refusal = (await CallAsync(await SignInAsync(Sample.Adele))).Refusal;

        Assert.Contains("sign in again", refusal, StringComparison.Ordinal);
        Assert.Contains("AADSTS50076, correlation id", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Blocking_policy_gets_error_that_a_new_sign_in_does_not_help()
    {
        Sample.Contoso.ConditionalAccess[MicrosoftApplications.GraphId] = new(ConditionalAccessDecision.Block, "policy-1");

        var refusal = (await CallAsync(await SignInAsync(Sample.Adele))).Refusal;

        Assert.Contains("signing in again does not help", refusal, StringComparison.Ordinal);
        Assert.Contains("AADSTS53003", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unassigned_user_gets_the_place_where_users_are_assigned()
    {
        var token = await SignInAsync(Sample.Adele);
        Graph.AssignmentRequired = true;

        Assert.Contains("Users and groups", (await CallAsync(token)).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task App_without_a_user_is_refused_without_a_token_request()
    {
        var before = Exchanges;

        Assert.Contains("permissions of a person", (await CallAsync(AppToken("Mcp.Invoke"))).Refusal, StringComparison.Ordinal);
        Assert.Equal(before, Exchanges);
    }

    [Fact]
    public async Task Missing_federated_credential_gets_error_with_the_values_to_set()
    {
        var token = await SignInAsync(Sample.Adele);
        Sample.Server.FederatedCredentials.Clear();

        var refusal = (await CallAsync(token)).Refusal;

        Assert.Contains("AADSTS700211", refusal, StringComparison.Ordinal);
        Assert.Contains($"the issuer {Emulator.Addresses.IssuerV2(SampleDirectory.ContosoId)}", refusal, StringComparison.Ordinal);
        Assert.Contains(IdentityClientId, refusal, StringComparison.Ordinal);
        Assert.Contains("api://AzureADTokenExchange", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Managed_identity_is_used_again_after_an_outage()
    {
        var token = await SignInAsync(Sample.Adele);
        await using var endpoint = await StartEndpointWithoutIdentityAsync();
        UseIdentityEndpoint(endpoint.Urls.Single() + "/msi/token");
        Assert.Contains("managed identity", (await CallAsync(token)).Refusal, StringComparison.Ordinal);

        UseIdentityEndpoint();

        Assert.Equal("Adele Vance", (await CallAsync(token)).Name);
    }

    private async Task<McpClient> ConnectAsync(string revision, Func<ElicitRequestParams, string>? answer)
    {
        var token = await SignInAsync(Sample.Adele);
        var transport = new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = new Uri(Server.Url, "/mcp"),
            AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = "Bearer " + token },
        });
        var options = new McpClientOptions
        {
            ProtocolVersion = revision,
            Handlers = answer is null
                ? new()
                : new() { ElicitationHandler = (question, _) => ValueTask.FromResult(new ElicitResult { Action = answer(question!) }) },
            Capabilities = answer is null ? null : new() { Elicitation = new() { Url = new() } },
        };
        return await McpClient.CreateAsync(transport, options, cancellationToken: Cancelled);
    }

    private static string TextOf(CallToolResult result) =>
        string.Join('\n', result.Content.OfType<TextContentBlock>().Select(static block => block.Text));

    /// <summary>A managed identity endpoint that answers every request with 404.</summary>
    private static Task<WebApplication> StartEndpointWithoutIdentityAsync() => LocalServer.StartAsync(static context =>
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }, Cancelled);
}
