namespace RemoteMcp.Cli.Migration;

/// <summary>
/// Represents a command line that starts a server: the package, image, or program, and its arguments. The parts are determined as far as
/// possible.
/// </summary>
/// <param name="Command">The executable, as it is in the entry.</param>
/// <param name="Arguments">All arguments of the executable.</param>
/// <param name="Program">The package name without the version, the image name without the tag, or the file name of the program.</param>
/// <param name="ProgramArguments">The arguments of the program itself, without those of <c>npx</c>, <c>docker</c>, and the like.</param>
/// <param name="MountsFiles">A value that indicates whether a container mounts folders of this machine.</param>
internal sealed record Launch(string Command, string[] Arguments, string Program, string[] ProgramArguments, bool MountsFiles = false)
{
    // The options of "docker run" whose value is the next argument.
    private static readonly string[] s_optionsWithValue =
    [
        "-e", "--env", "--env-file", "-v", "--volume", "--mount",
        "--name", "--network", "--net", "-p", "--publish", "-w", "--workdir", "-u", "--user",
        "--entrypoint", "--platform", "--add-host", "-l", "--label", "-m", "--memory",
        "--cpus", "-h", "--hostname", "--pull", "--tmpfs", "--gpus",
    ];

    private static readonly string[] s_runtimes = ["node", "python", "python3", "py", "deno", "bun", "ruby", "java", "dotnet"];

    /// <summary>Parses a command line.</summary>
    public static Launch Of(string command, string[] arguments)
    {
        var name = Path.GetFileNameWithoutExtension(FileName(command)).ToLowerInvariant();
        return (name, arguments) switch
        {
            ("cmd", ["/c" or "/C", var inner, .. var rest]) => Of(inner, rest) with { Command = command, Arguments = arguments },
            ("env", [var inner, .. var rest]) when !inner.Contains('=', StringComparison.Ordinal) =>
                Of(inner, rest) with { Command = command, Arguments = arguments },
            ("npx" or "bunx" or "pnpx" or "uvx", _) => Package(command, arguments, arguments),
            ("npm" or "pnpm" or "yarn", ["exec" or "dlx" or "x", .. var rest]) => Package(command, arguments, rest),
            ("bun", ["x", .. var rest]) => Package(command, arguments, rest),
            ("uv", ["tool", "run", .. var rest]) => Package(command, arguments, rest),
            ("pipx", ["run", .. var rest]) => Package(command, arguments, rest),
            ("docker" or "podman" or "nerdctl", _) when arguments.Contains("run") => Container(command, arguments),
            ("python" or "python3" or "py", ["-m", var module, .. var rest]) => new(command, arguments, module, rest),
            _ when s_runtimes.Contains(name) && arguments.FirstOrDefault(each => !each.StartsWith('-') && each != "run") is { } script =>
                new(
                    command, arguments, Path.GetFileNameWithoutExtension(FileName(script)),
                    [.. arguments.SkipWhile(each => each != script).Skip(1)]),
            _ => new(command, arguments, Path.GetFileNameWithoutExtension(FileName(command)), arguments),
        };
    }

    private static Launch Package(string command, string[] arguments, string[] rest)
    {
        for (var i = 0; i < rest.Length; i++)
        {
            if (rest[i] is "--from" or "-p" or "--package" or "--python" or "--with" && i + 1 < rest.Length)
            {
                // The package and its program have separate names. Either name may identify the server.
                if (rest[i] is "--from")
                {
                    return new(
                        command, arguments, $"{WithoutVersion(rest[i + 1].Split("://")[^1])} {rest.ElementAtOrDefault(i + 2)}".TrimEnd(),
                        [.. rest.Skip(i + 3)]);
                }

                i++;
            }
            else if (!rest[i].StartsWith('-'))
            {
                return new(command, arguments, WithoutVersion(rest[i]), [.. rest.Skip(i + 1)]);
            }
        }

        return new(command, arguments, FileName(command), arguments);
    }

    private static Launch Container(string command, string[] arguments)
    {
        string[] rest = [.. arguments.SkipWhile(each => each != "run").Skip(1)];
        var mounts = rest.Any(each => each is "-v" or "--volume" or "--mount" || each.StartsWith("--volume=", StringComparison.Ordinal)
            || each.StartsWith("--mount=", StringComparison.Ordinal));
        for (var i = 0; i < rest.Length; i++)
        {
            if (s_optionsWithValue.Contains(rest[i]))
            {
                i++;
            }
            else if (!rest[i].StartsWith('-'))
            {
                return new(command, arguments, WithoutTag(rest[i]), rest[(i + 1)..], mounts);
            }
        }

        return new(command, arguments, FileName(command), arguments, mounts);
    }

    // The @ of a scope does not start a version: @scope/name@1.2.
    private static string WithoutVersion(string package)
    {
        var end = package.LastIndexOf('@') is var at and > 0 ? at : package.Length;
        var pinned = package.IndexOf("==", StringComparison.Ordinal);
        return package[..(pinned > 0 ? Math.Min(pinned, end) : end)];
    }

    private static string WithoutTag(string image)
    {
        var digest = image.IndexOf('@', StringComparison.Ordinal);
        var named = digest > 0 ? image[..digest] : image;
        var tag = named.LastIndexOf(':');
        return tag > named.LastIndexOf('/') ? named[..tag] : named;
    }

    // Configuration files from Windows can also be read on other systems.
    private static string FileName(string path) => path[(path.LastIndexOfAny(['/', '\\']) + 1)..];
}
