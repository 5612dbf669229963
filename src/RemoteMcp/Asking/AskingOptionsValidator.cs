using Microsoft.Extensions.Options;

namespace RemoteMcp.Asking;

internal sealed class AskingOptionsValidator : IValidateOptions<AskingOptions>
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    public ValidateOptionsResult Validate(string? name, AskingOptions options) =>
        options.StateLifetime >= Shortest && options.StateLifetime <= Longest
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{AskingOptions.Section}:StateLifetime is {options.StateLifetime}. Set it to a time from {Shortest} to {Longest}.");
}
