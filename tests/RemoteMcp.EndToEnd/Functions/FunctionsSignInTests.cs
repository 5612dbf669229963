using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.EndToEnd.Processes;
using RemoteMcp.EndToEnd.SignIn;
using RemoteMcp.EndToEnd.Wire;
using RemoteMcp.Testing.Http;
using Xunit;

namespace RemoteMcp.EndToEnd.Functions;

/// <summary>
/// Tests the Functions app as on Azure, where it is reachable from the internet: it serves only signed-in callers, or does not start.
/// </summary>
public sealed class FunctionsSignInTests
{
    private const string PublicHost = "tools.azurewebsites.net";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("WEBSITE_HOSTNAME", PublicHost)]
    [InlineData("WEBSITE_INSTANCE_ID", "0123456789abcdef")]
    public async Task App_without_sign_in_does_not_start_on_Azure_and_names_the_settings(string variable, string value)
    {
        var start = Programs.Functions(BuiltApp.Team).With(new Dictionary<string, string> { [variable] = value });

        await using var app = RunningProcess.Start(start);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(ServerProcess.StartLimit);
        var exitCode = await app.WaitForExitAsync(limit.Token);

        Assert.NotEqual(0, exitCode);
        foreach (var setting in (string[])["RemoteMcp__Auth__Mode", "RemoteMcp__Auth__TenantId", "RemoteMcp__Auth__ClientId"])
        {
            Assert.Contains(setting, app.Output + app.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(PublicHost)]
    public async Task App_with_sign_in_challenges_with_its_public_URL_and_serves_signed_in_users(string host)
    {
        await using var entra = await EmulatedEntra.StartAsync(Cancellation);
        var start = Programs.Functions(BuiltApp.Team).With(entra.ServerEnvironment);
        start.Environment["WEBSITE_HOSTNAME"] = host;
        await using var app = await ServerProcess.StartAsync(start, ServerProcess.StartLimit, Cancellation);
        using var http = new HttpClient { BaseAddress = app.Address, DefaultRequestHeaders = { Host = host } };

        using var unsigned = await ListToolsAsync(http, token: null);
        using var metadata = await http.GetAsync(".well-known/oauth-protected-resource/mcp", Cancellation);
        using var signedIn = await ListToolsAsync(http, entra.TokenOf(entra.Sample.Adele));

        Assert.Equal(HttpStatusCode.Unauthorized, unsigned.StatusCode);
        Assert.Equal(
            $"resource_metadata=\"https://{host}/.well-known/oauth-protected-resource/mcp\", scope=\"{SampleDirectory.ServerUri}/Mcp.Use\"",
            unsigned.Headers.WwwAuthenticate.Single().Parameter);
        var document = JsonElement.Parse(await metadata.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal($"https://{host}/mcp", document.GetProperty("resource").GetString());
        Assert.Equal($"https://{host}/oauth", document.GetProperty("authorization_servers")[0].GetString());
        var answer = await signedIn.Content.ReadAsStringAsync(Cancellation);
        Assert.True(signedIn.IsSuccessStatusCode, answer + app.Log);
        Assert.Contains("search_files", answer, StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> ListToolsAsync(HttpClient http, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "mcp")
        {
            Content = new StringContent(
                JsonMessages.Request(1, "tools/list").SelfContained().ToJsonString(), Encoding.UTF8, "application/json"),
        };
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", Messages.Stateless);
        request.Headers.Add("Mcp-Method", "tools/list");
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return await http.SendAsync(request, Cancellation);
    }
}
