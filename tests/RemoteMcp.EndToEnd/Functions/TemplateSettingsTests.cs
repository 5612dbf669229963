using System.Net;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using RemoteMcp.Emulators.Azure;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.EndToEnd.Azurite;
using RemoteMcp.EndToEnd.Processes;
using RemoteMcp.EndToEnd.SignIn;
using RemoteMcp.EndToEnd.Wire;
using RemoteMcp.Testing.Infrastructure;
using Xunit;

namespace RemoteMcp.EndToEnd.Functions;

/// <summary>
/// Runs the Functions app with exactly the app settings that the template sets, and with the settings that the platform adds. Azurite
/// replaces the storage account. The emulators replace Entra ID and the managed identity. A missing or misspelled setting in the template
/// makes these tests fail.
/// </summary>
public sealed class TemplateSettingsTests
{
    private const string Revision = "2025-11-25";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [PredictedTheory]
    [InlineData(Deployment.Minimal)]
    public async Task Deployed_app_supports_sign_in_sessions_and_files_without_a_key(string deployment)
    {
        await using var entra = await EmulatedEntra.StartAsync(Cancellation);
        await using var azurite = await AzuriteProcess.StartAsync("--oauth", "basic", "--cert", entra.Certificate, "--key", entra.Key);
        // The template assigns a user-assigned identity to the app, so the request must name it.
        entra.Sample.Contoso.ManagedIdentities.Remove(
            entra.Sample.Contoso.ManagedIdentities.Single(static identity => identity.SystemAssigned));
        // The template creates the container. The team fills it.
        var files = new BlobContainerClient(
            azurite.ConnectionString,
            "files",
            new BlobClientOptions { Transport = new HttpClientTransport(entra.Emulator.CreateHandler()) });
        await files.CreateAsync(cancellationToken: Cancellation);
        await files.GetBlobClient("notes/of-the-team.txt").UploadAsync(BinaryData.FromString("shared"), Cancellation);
        var settings = Settings(Assert.Single(Deployment.Load(deployment).AppSettings()), entra, azurite);
        entra.Sample.Server.IdentifierUris.Add(settings["RemoteMcp__Auth__Audiences__0"]);
        entra.Emulator.Azure.Keys["key-ring"] = new AzureKey();
        entra.Emulator.Azure.Assign(SampleDirectory.IdentityObjectId, AzureKey.EncryptionUser, AzureKey.ScopeOf("key-ring"));
        var start = Programs.Functions(BuiltApp.Team).With(Platform(entra)).With(settings);
        await using var app = await ServerProcess.StartAsync(start, ServerProcess.StartLimit, Cancellation);
        using var client = new HttpWire(app.Endpoint) { Headers = { ["Host"] = Platform(entra)["WEBSITE_HOSTNAME"] } };

        using var unsigned = await client.PostAsync(JsonMessages.Initialize(1, Revision));
        client.Headers["Authorization"] = "Bearer " + entra.TokenOf(entra.Sample.Adele);
        using var initialized = await client.PostAsync(JsonMessages.Initialize(2, Revision));

        Assert.Equal(HttpStatusCode.Unauthorized, unsigned.StatusCode);
        Assert.Contains(
            $"scope=\"{settings["RemoteMcp__Auth__Audiences__0"]}/Mcp.Use\"",
            unsigned.Headers.WwwAuthenticate.Single().Parameter,
            StringComparison.Ordinal);
        Assert.True(initialized.IsSuccessStatusCode, app.Log);
        client.Headers["Mcp-Session-Id"] = initialized.Headers.GetValues("Mcp-Session-Id").Single();
        client.Headers["MCP-Protocol-Version"] = Revision;
        Assert.Contains("whoami", (await client.AskAsync(JsonMessages.Request(3, "tools/list"))).ToolNames());
        var caller = await client.AskAsync(JsonMessages.Request(4, "tools/call", new() { ["name"] = "whoami" }));
        Assert.Contains(entra.Sample.Adele.ObjectId, caller.ToString(), StringComparison.Ordinal);
        Assert.Contains("of-the-team.txt", (await client.AskAsync(JsonMessages.ListDirectory(5))).ToString(), StringComparison.Ordinal);
        // The session is a row: it was written with a token of the managed identity that the template names.
        Assert.True(entra.Emulator.Requests.CountOf("/msi/token") >= 1, app.Log);
        // The key ring was encrypted and decrypted with the key that the template names.
        var version = entra.Emulator.Azure.Keys["key-ring"].Versions[0].Id;
        Assert.True(entra.Emulator.Requests.CountOf($"/keys/key-ring/{version}/wrapkey") >= 1, app.Log);
        Assert.True(entra.Emulator.Requests.CountOf($"/keys/key-ring/{version}/unwrapkey") >= 1, app.Log);
    }

    private static Dictionary<string, string> Settings(
        IReadOnlyDictionary<string, string> predicted, EmulatedEntra entra, AzuriteProcess azurite)
    {
        string? Elsewhere(string expression) => expression switch
        {
            "environment().authentication.loginEndpoint" => entra.Emulator.Addresses.Entra.ToString(),
            _ when expression.EndsWith(".clientId", StringComparison.Ordinal) => SampleDirectory.IdentityClientId,
            _ when expression.EndsWith(".appId", StringComparison.Ordinal) => SampleDirectory.ServerId,
            _ => null,
        };

        return predicted.ToDictionary(
            static setting => setting.Key,
            setting => Deployed.Value(setting.Value, Elsewhere) switch
            {
                // Azurite has the account name in the path, and its host is this machine.
                var url when url.Contains(".table.", StringComparison.Ordinal) => azurite.TableEndpoint.ToString(),
                var url when url.Contains(".blob.", StringComparison.Ordinal) => azurite.BlobEndpoint + new Uri(url).AbsolutePath,
                var url when url.Contains(".vault.", StringComparison.Ordinal) =>
                    new Uri(entra.Emulator.Addresses.Vault, new Uri(url).AbsolutePath).ToString(),
                var value => value.Replace(Deployment.TenantId, SampleDirectory.ContosoId, StringComparison.Ordinal),
            });
    }

    private static Dictionary<string, string> Platform(EmulatedEntra entra) => new(entra.Emulator.IdentityEnvironment)
    {
        ["WEBSITE_HOSTNAME"] = "func-mcp-test.azurewebsites.net",
        ["WEBSITE_INSTANCE_ID"] = "0123456789abcdef",
        ["SSL_CERT_FILE"] = entra.Certificate,
    };
}
