using System.CommandLine;
using Microsoft.Extensions.Configuration;

namespace RemoteMcp.Cli.Commands;

/// <summary>Represents the options that several commands share.</summary>
internal sealed class CommonOptions
{
    public Option<DirectoryInfo?> Root { get; } = new("--root")
    {
        Description = "The folder that the file tools share. The default is the current folder.",
        HelpName = "DIR",
    };

    public Option<string[]> Settings { get; } = new("--set")
    {
        Description = "A setting, such as --set RemoteMcp:Http:KeepAlive=00:00:10. You can also set it in the environment "
            + "(RemoteMcp__Http__KeepAlive).",
        HelpName = "NAME=VALUE",
    };

    public CommonOptions() => Settings.Validators.Add(static result =>
    {
        foreach (var token in result.Tokens)
        {
            if (token.Value.IndexOf('=', StringComparison.Ordinal) < 1)
            {
                result.AddError($"--set {token.Value}: write it as NAME=VALUE.");
            }
        }
    });

    public void AddTo(Command command)
    {
        command.Options.Add(Root);
        command.Options.Add(Settings);
    }

    public void Configure(IConfigurationBuilder configuration, ParseResult result)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        if (result.GetValue(Root) is { } root)
        {
            settings["RemoteMcp:Files:Root"] = root.FullName;
        }

        foreach (var setting in result.GetValue(Settings) ?? [])
        {
            var equals = setting.IndexOf('=', StringComparison.Ordinal);
            settings[setting[..equals]] = setting[(equals + 1)..];
        }

        configuration.AddInMemoryCollection(settings);
    }
}
