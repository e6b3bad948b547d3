#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The life of a cell from Perl: life-cycle.pl LIBRARY DESCRIPTION URI SYSTEM.cell CELL.cell
# Attaches every function by the description of the ABI, without a header.
use strict;
use warnings;
use FFI::Platypus 2.00;
use JSON::PP;

sub slurp
{
	open my $file, '<:raw', $_[0] or die "$_[0]: $!\n";
	local $/;
	return scalar <$file>;
}

my ($library, $description, $uri, $system_path, $cell_path) = @ARGV;
my $abi = decode_json(slurp($description));
my %constant = map { $_->{name} => $_->{value} } @{$abi->{constants}};
my %callback = map { $_->{name} => 1 } @{$abi->{callbacks}};
my %struct = map { $_->{name} => $_ } @{$abi->{structs}};
my $ffi = FFI::Platypus->new(api => 2, lib => $library);

# What C calls it, for Platypus. Pointers are plain numbers here.
sub native
{
	my ($type) = @_;
	return 'string' if $type eq 'const char *';
	return 'opaque' if $type =~ /\*/ || $callback{$type};
	return {'int' => 'sint32', 'void' => 'void', 'size_t' => 'size_t'}->{$type} // ($type =~ s/^int(\d+)_t$/sint$1/r =~ s/_t$//r);
}
my %call;
for my $function (@{$abi->{functions}}) {
	$call{$function->{name}} = $ffi->function($function->{name},
		[map { native($_->{type}) } @{$function->{parameters}}], native($function->{returns}));
}
sub call { my $name = shift; return $call{"jailhouse_$name"}->call(@_) }

# Memory of Perl's that the library reads or writes.
sub pointer { return unpack('Q', pack('P', $_[0])) }
sub member
{
	my ($struct, $name, $bytes) = @_;
	my ($member) = grep { $_->{name} eq $name } @{$struct{"struct $struct"}{members}};
	return substr($bytes, $member->{offset}, $member->{size});
}

my $error = "\0" x $struct{'struct jailhouse_error'}{size};
substr($error, 0, 4) = pack('L', length($error));
my $error_at = pointer($error);
sub check
{
	my ($result) = @_;
	die call('code_get_name', $result), ': ', unpack('Z*', member('jailhouse_error', 'text', $error)), "\n"
		if $result < 0;
	return $result;
}
sub expect { my ($what, $true) = @_; die "$what\n" unless $true }

expect('version', call('get_version') == $constant{JAILHOUSE_VERSION_NUMBER});
my $slot = "\0" x 8;
my $slot_at = pointer($slot);
my $bad = call('open', 'nonsense', $slot_at, $error_at);
expect('nonsense is refused', $bad == $constant{JAILHOUSE_ERR_URI} || $bad == $constant{JAILHOUSE_ERR_NO_BACKEND});
expect('code in the error', unpack('l', member('jailhouse_error', 'code', $error)) == $bad);

my ($system, $cell) = (slurp($system_path), slurp($cell_path));
my $config = "\0" x $struct{'struct jailhouse_config'}{size};
my $head = "\0" x $struct{'struct jailhouse_config_cell'}{size};
check(call('config_parse', pointer($cell), length($cell), pointer($config), $error_at));
check(call('config_get_cell', pointer($config), pointer($head)));
my $name = unpack('Z*', member('jailhouse_config_cell', 'name', $head));
my $reset = unpack('Q', member('jailhouse_config_cell', 'cpu_reset_address', $head));

check(call('open', $uri, $slot_at, $error_at));
my $jh = unpack('Q', $slot);
check(call('enable', $jh, pointer($system), length($system), 0, $error_at));
check(call('cell_create', $jh, pointer($cell), length($cell), $slot_at, $error_at));
my $id = unpack('L', $slot);
my $program = "\xeb\xfe";
my $image = pack('QQQ', $reset & ~0xfff, pointer($program), length($program));
check(call('cell_load', $jh, $id, pointer($image), 1, $error_at));
check(call('cell_start', $jh, $id, $error_at));

check(call('cells_get', $jh, $slot_at, $error_at));
my $cells = unpack('Q', $slot);
expect('two cells', call('cells_get_count', $cells) == 2);
my $one = call('cells_get_cell', $cells, 1);
expect('name', call('cell_get_name', $one) eq $name);
expect('running', call('state_get_name', call('cell_get_state', $one)) eq 'running');
call('cells_free', $cells);

check(call('stats_get', $jh, $id, $slot_at, $error_at));
my $stats = unpack('Q', $slot);
expect('counter', call('stats_get_name', $stats, 0) eq 'vmexits_total');
call('stats_free', $stats);

check(call('cell_shutdown', $jh, $id, $error_at));
check(call('cell_destroy', $jh, $id, $error_at));
check(call('disable', $jh, $error_at));
expect('disabled', call('is_enabled', $jh, $error_at) == 0);
call('close', $jh);
print "Perl: a cell lived\n";
