using System.Text.Json;
using System.Text.RegularExpressions;
using RemoteMcp.Testing;
using Xunit;

namespace RemoteMcp.EndToEnd.Delivery.Documents;

/// <summary>Tests the script in docs/identity.md that creates the app registration. A fake Azure CLI records its arguments.</summary>
public sealed partial class RegistrationScriptTests : IDisposable
{
    private const string App = "00000000-0000-0000-0000-00000000000a";
    private const string Tenant = "00000000-0000-0000-0000-00000000000b";

    private readonly ReadersMachine _machine = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Registration_script_sends_consistent_JSON()
    {
        var script = Script().Match(await Repository.ReadAsync("docs/identity.md", Cancelled)).Groups[1].Value;
        _machine.AddProgram("az", $"""
            printf '%s\0' "$@" >> ~/asked
            printf '\n' >> ~/asked
            case "$*" in
              'ad app create '*) echo {App} ;;
              'account show '*) echo {Tenant} ;;
            esac
            """);
        _machine.AddProgram("uuidgen", """
            echo x >> ~/uuids
            printf '00000000-0000-0000-0000-%012d\n' "$(wc -l < ~/uuids)"
            """);

        var result = await _machine.RunAsync(
            $"set -eu\n{script}\necho \"$RemoteMcp__Auth__Mode $RemoteMcp__Auth__TenantId $RemoteMcp__Auth__ClientId\"", Cancelled);

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal($"Entra {Tenant} {App}\n", result.Output);
        var asked = (await File.ReadAllLinesAsync(Path.Combine(_machine.Home, "asked"), Cancelled))
            .Select(static line => line.Split('\0'))
            .ToList();

        var registration = JsonElement.Parse(await File.ReadAllTextAsync(Path.Combine(_machine.Folder, "registration.json"), Cancelled));
        Assert.Equal($"api://{App}", registration.GetProperty("identifierUris")[0].GetString());
        var scopes = registration.GetProperty("api").GetProperty("oauth2PermissionScopes").EnumerateArray()
            .ToDictionary(static scope => scope.GetProperty("value").GetString()!, static scope => scope.GetProperty("id").GetGuid());
        Assert.Equal(["Mcp.Use", "Files.Write"], scopes.Keys);

        var preauthorized = Json(asked, "rest", "--body", 1).GetProperty("api").GetProperty("preAuthorizedApplications")[0];
        Assert.Equal(scopes["Mcp.Use"], preauthorized.GetProperty("delegatedPermissionIds")[0].GetGuid());

        var credential = Json(asked, "ad app federated-credential create", "--parameters", 0);
        Assert.Equal($"https://login.microsoftonline.com/{Tenant}/v2.0", credential.GetProperty("issuer").GetString());
        Assert.Equal("api://AzureADTokenExchange", credential.GetProperty("audiences")[0].GetString());
    }

    public void Dispose() => _machine.Dispose();

    private static JsonElement Json(IEnumerable<string[]> asked, string command, string option, int index)
    {
        var arguments = asked
            .Where(arguments => string.Join(' ', arguments).StartsWith(command, StringComparison.Ordinal))
            .ElementAt(index);
        return JsonElement.Parse(arguments[Array.IndexOf(arguments, option) + 1]);
    }

    [GeneratedRegex(@"```sh\n(# 1\. The registration.*?)```", RegexOptions.Singleline)]
    private static partial Regex Script();
}
