using System.CommandLine;
using System.CommandLine.Parsing;
using RemoteMcp.Emulators.Directories;

namespace RemoteMcp.Emulators;

/// <summary>The command line: starts the emulator with the sample directory, prints the settings, and serves until Ctrl+C.</summary>
internal static class EmulatorCommand
{
    private const string EnvironmentFile = "environment";
    private const string DefaultUrls = "https://localhost:8443;http://localhost:8444";

    public static RootCommand Create()
    {
        var urls = new Option<string>("--urls")
        {
            Description = "The URLs to listen on: Entra ID and Graph first, then the managed identity endpoint. Only loopback. "
                + "Port 0 selects a free port.",
            HelpName = "url;url",
            DefaultValueFactory = _ => DefaultUrls,
        };
        var plainHttp = new Option<bool>("--http")
        {
            Description = "Serve Entra ID over plain HTTP (MSAL and Microsoft.Identity.Web then refuse it).",
        };
        var certificates = new Option<string>("--certificates")
        {
            Description = "The folder for the certificate, which later starts use again, and for the environment of other programs.",
            DefaultValueFactory = _ => Path.Combine(Path.GetTempPath(), "remote-mcp-emulators"),
        };
        var signIn = new Option<SignInMode>("--sign-in")
        {
            Description = "Sign in without a page, or show a page to select an account.",
            DefaultValueFactory = _ => SignInMode.Form,
        };
        var lifetime = new Option<int>("--token-lifetime")
        {
            Description = "The lifetime of an access token in seconds.",
            DefaultValueFactory = _ => 3600,
        };
        var resource = new Option<string[]>("--resource")
        {
            Description = "The server's public URL with /mcp. It becomes an identifier URI, so that clients can send it as 'resource'.",
            HelpName = "url",
        };
        urls.Validators.Add(result => Require(result, EmulatorUrls.Parse(result.GetValueOrDefault<string>()) is not null,
            $"takes one or two URLs on localhost, such as \"{DefaultUrls}\"; the second must be http."));
        lifetime.Validators.Add(result => Require(result, result.GetValueOrDefault<int>() > 0, "must be at least 1 second."));
        var command = new RootCommand("Emulates Entra ID, a managed identity, and Microsoft Graph on this machine.")
        {
            urls,
            plainHttp,
            certificates,
            signIn,
            lifetime,
            resource,
        };
        command.SetAction((result, cancellationToken) =>
        {
            var listen = EmulatorUrls.Parse(result.GetRequiredValue(urls))!;
            var folder = Path.GetFullPath(result.GetRequiredValue(certificates));
            var sample = new SampleDirectory();
            foreach (var uri in result.GetValue(resource) ?? [])
            {
                sample.Server.IdentifierUris.Add(uri);
            }
            return RunAsync(
                new EmulatorOptions
                {
                    Directory = sample.Directory,
                    Port = listen.EntraPort,
                    IdentityPort = listen.IdentityPort,
                    PlainHttp = listen.PlainHttp || result.GetValue(plainHttp),
                    Certificate = LoopbackCertificate.LoadOrCreate(folder),
                    // A constant value, so that copied settings stay valid.
                    IdentityHeader = "remote-mcp-emulators",
                    SignIn = result.GetValue(signIn),
                    AccessTokenLifetime = TimeSpan.FromSeconds(result.GetValue(lifetime)),
                    LogToConsole = true,
                },
                folder,
                sample,
                cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        EmulatorOptions options, string folder, SampleDirectory sample, CancellationToken cancellationToken)
    {
        Emulator emulator;
        try
        {
            emulator = await Emulator.StartAsync(options, cancellationToken);
        }
        catch (IOException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
        await using (emulator)
        {
            var environment = Environment(emulator, options, folder, sample);
            var file = Path.Combine(folder, EnvironmentFile);
            await File.WriteAllLinesAsync(file, environment.Select(setting => $"{setting.Key}='{setting.Value}'"), cancellationToken);
            await Console.Out.WriteLineAsync(Describe(emulator, sample, environment, file));
            await emulator.WaitForShutdownAsync(cancellationToken);
        }
        return 0;
    }

    private static Dictionary<string, string> Environment(Emulator emulator, EmulatorOptions options, string folder, SampleDirectory sample)
    {
        var settings = new EmulatorSettings(emulator.Addresses, options).Values.ToDictionary();
        // The first audience is the prefix of the scopes. It must equal the client's 'resource' parameter.
        foreach (var (index, uri) in sample.Server.IdentifierUris.Where(uri => uri != SampleDirectory.ServerUri).Index())
        {
            settings[$"RemoteMcp__Auth__Audiences__{index}"] = uri;
        }
        if (!options.PlainHttp)
        {
            settings["SSL_CERT_FILE"] = settings["NODE_EXTRA_CA_CERTS"] = Path.Combine(folder, LoopbackCertificate.CertificateFile);
        }
        return settings;
    }

    private static string Describe(Emulator emulator, SampleDirectory sample, Dictionary<string, string> environment, string file)
    {
        var clients = $"{SampleDirectory.DesktopClientId} (desktop), {SampleDirectory.BrowserClientId} (browser), "
            + $"{SampleDirectory.DaemonId} (daemon; secret \"{SampleDirectory.DaemonSecret}\")";
        return $"""
            Entra ID          {emulator.Addresses.Entra}
            Managed identity  {emulator.Addresses.IdentityEndpoint}
            Microsoft Graph   {emulator.Addresses.Graph}
            Issuer            {emulator.Addresses.IssuerV2(SampleDirectory.ContosoId)}
            Scopes            {string.Join(' ', sample.Server.Scopes.Select(scope => $"{SampleDirectory.ServerUri}/{scope.Value}"))}
            Clients           {clients}
            Users             {string.Join(", ", sample.Contoso.Users.Select(user => user.PrincipalName))}

            Environment of the server and of its clients (in a shell: set -a; . '{file}'; set +a):
            {string.Join('\n', environment.Select(setting => $"{setting.Key}={setting.Value}"))}

            Ready. Press Ctrl+C to stop.
            """;
    }

    private static void Require(OptionResult result, bool valid, string rule)
    {
        if (!valid)
        {
            result.AddError($"{result.Option.Name} {rule}");
        }
    }
}
